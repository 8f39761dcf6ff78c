"""The autograder of *Apple in Context*: chapters in, notebooks out; submissions in, grades out."""
