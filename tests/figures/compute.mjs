// Compute the states of fixtures.json with the figures' own modules, and print them as JSON.
// Arguments: the folder of the modules, and the folder of the numbers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, numbers] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(modules, `${name}.mjs`)).href);
const read = (name) => JSON.parse(readFileSync(join(numbers, name), "utf8"));
const start = (name) => read(`start/${name}.json`);
const fixtures = read("fixtures.json");
const states = await load("states");
const { mix, multiHeadAttention, causalMask } = await load("mechanism");
const { explorerModel, vectorOf } = await load("explorer_model");

const computed = {
  mixing: fixtures.mixing.map(({ third, chosen, share }) => {
    const { vectors, weights } = start("mixing");
    const next = states.rebudget(weights, chosen, share);
    return { weights: next, apple: mix(next, ["love", "apple", third].map((word) => vectors[word])) };
  }),
  arrows: fixtures.arrows.map(({ apple, other }) => states.arrowsState(apple, other)),
  temperature: fixtures.temperature.map(({ row, T }) =>
    states.temperatureState(start("temperature").rows[row].scores, T),
  ),
  swap_keys: fixtures.swap_keys.map(({ keys, values }) => {
    const { words, X, W_Q, W_K, W_V } = start("swap_keys");
    return states.swapState(X, W_Q, W_K[keys], W_V[values], words.indexOf("apple"), false);
  }),
  scaling: fixtures.scaling.map(({ d, scores }) => states.scalingState(scores, d)),
  merge: fixtures.merge.map(({ heads, tokens, size }) => {
    const { heads: cells, right, wrong } = states.mergeState(heads, tokens, size);
    return { cells, right, wrong };
  }),
  encoder_decoder: fixtures.encoder_decoder.map(({ third, causal }) => {
    const { sentences } = start("encoder_decoder");
    return states.maskState(sentences.find(({ words }) => words[2] === third).X, causal);
  }),
  learning_path: fixtures.learning_path.map(({ seed, k, twin }) => {
    const { runs, X } = start("learning_path");
    return states.learningState(runs.find((run) => run.seed === seed).weights[k][twin], X[twin]);
  }),
};

const { stories, matrices } = start("explorer");
const told = fixtures.explorer.states.map(({ story, n_heads: heads, causal }) => {
  const { X, words, axes, matrices: name } = stories[story];
  const all = multiHeadAttention(X, matrices[name], heads, causal ? causalMask(X.length) : undefined);
  const { slabs } = explorerModel({ words, axes, X }, matrices[name], heads, causal);
  const shown = (id) => slabs.get(id).values; // what a reader sees, not what was computed beside it
  return {
    Q: all.Q,
    K: all.K,
    V: all.V,
    heads: all.heads.map((_, h) => ({
      scores: shown(`scores.${h}`),
      scaled: shown(`scaled.${h}`),
      masked: shown(`masked.${h}`),
      weights: shown(`weights.${h}`),
      output: shown(`mixed.${h}`),
    })),
    concat: shown("concat"),
    output: shown("output"),
  };
});
computed.explorer = {
  states: told,
  letters: fixtures.explorer.letters.map(({ word }) => ({ vector: vectorOf(word) })),
};

console.log(JSON.stringify(computed)); // -Infinity becomes null, as in the fixtures
