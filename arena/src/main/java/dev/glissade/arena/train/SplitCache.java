package dev.glissade.arena.train;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The splits of a comparison, which runs of the same seed and label noise share. */
final class SplitCache {
  private record Key(long seed, double labelNoise, boolean isPublic) {}

  private final Examples examples;
  private final Map<Key, Split> splits = new ConcurrentHashMap<>();

  SplitCache(Examples examples) {
    this.examples = examples;
  }

  Split split(long seed, double labelNoise) {
    return splits.computeIfAbsent(
        new Key(seed, labelNoise, false),
        key -> LabelNoise.apply(examples.split(seed), labelNoise, seed));
  }

  /** Returns the split that private training needs. */
  Split publicSplit(long seed, double labelNoise) {
    return splits.computeIfAbsent(
        new Key(seed, labelNoise, true),
        key -> LabelNoise.apply(examples.publicSplit(seed), labelNoise, seed));
  }
}
