package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.ArrayDataset;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;

/** The handwritten digits, and a small convolutional network for them. */
final class Digits {
  private static final Split SPLIT = Datasets.digits().split(0);

  private Digits() {}

  static ArrayDataset train(NDManager manager, int batch) {
    return dataset(manager, SPLIT.train(), batch);
  }

  static ArrayDataset test(NDManager manager) {
    return dataset(manager, SPLIT.test(), SPLIT.test().size());
  }

  private static ArrayDataset dataset(NDManager manager, Dataset data, int batch) {
    return new ArrayDataset.Builder()
        .setData(manager.create(data.inputs()).reshape(data.size(), 1, 8, 8))
        .optLabels(manager.create(data.labels()))
        .setSampling(batch, true)
        .build();
  }

  static Block net() {
    return new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).optPadding(new Shape(1, 1)).build())
        .add(Activation::relu)
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }
}
