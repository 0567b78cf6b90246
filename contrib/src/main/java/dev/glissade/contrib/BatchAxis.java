package dev.glissade.contrib;

import dev.glissade.Tree;

/** Replicas of one training run, each of which holds a part of the batch. */
@FunctionalInterface
public interface BatchAxis {

  /** The mean of what all replicas give; every replica must call it, and gets the same. */
  Tree mean(Tree gradients);
}
