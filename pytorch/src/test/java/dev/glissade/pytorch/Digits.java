package dev.glissade.pytorch;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A small network that learns the handwritten digits with libtorch's Adam, Prodigy and SAM. */
final class Digits {
  private static final int EPOCHS = 30;
  private static final int BATCH = 64;

  private final Data train;
  private final Data test;

  /** Two layers; libtorch finds their parameters by the names that they are registered under. */
  static final class Net extends Module {
    private final LinearImpl hidden;
    private final LinearImpl output;

    Net(int inputs, int classes) {
      hidden = register_module("hidden", new LinearImpl(inputs, 64));
      output = register_module("output", new LinearImpl(64, classes));
    }

    Tensor forward(Tensor x) {
      return output.forward(hidden.forward(x).relu());
    }
  }

  /**
   * Examples as libtorch's tensors.
   *
   * @param x a row for each example
   * @param y the classes
   */
  record Data(Tensor x, Tensor y) {
    static Data of(Dataset data) {
      Tensor x = torch.tensor(data.inputs()).reshape(data.size(), data.features());
      Tensor y = torch.tensor(IntStream.of(data.labels()).asLongStream().toArray());
      return new Data(x, y);
    }

    long size() {
      return x.size(0);
    }

    Data rows(Tensor numbers) {
      return new Data(x.index_select(0, numbers), y.index_select(0, numbers));
    }

    Tensor loss(Net net) {
      return torch.cross_entropy(net.forward(x), y);
    }

    double accuracy(Net net) {
      Tensor best = net.forward(x).argmax(new LongOptional(1), false);
      return (double) best.eq(y).sum().item_long() / size();
    }
  }

  /** Takes the step of one batch. */
  interface Step {
    void take(Net net, Data batch);
  }

  private Digits() {
    torch.set_num_threads(1); // in a small network, more threads only wait for each other
    Split split = Datasets.digits().split(0);
    this.train = Data.of(split.train());
    this.test = Data.of(split.test());
  }

  /**
   * Trains with each optimizer and prints the mean test accuracies of three seeds.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    accuracies().forEach((name, mean) -> System.out.printf("%-11s %.4f%n", name, mean));
  }

  /** The mean test accuracy of each optimizer over the seeds 1, 2 and 3. */
  static Map<String, Double> accuracies() {
    Digits digits = new Digits();
    Map<String, Double> means = new LinkedHashMap<>();
    digits
        .optimizers()
        .forEach((name, made) ->
            means.put(
                name,
                IntStream.of(1, 2, 3).mapToDouble(seed -> digits.accuracy(made, seed)).sum() / 3));
    return means;
  }

  private Map<String, Function<Net, Step>> optimizers() {
    long steps = EPOCHS * ((train.size() + BATCH - 1) / BATCH);
    var prodigy = Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1.0, (int) steps));
    var adversary = Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    var sam = Contrib.sam(Optimizers.adam(5e-3), adversary).opaqueMode(true);
    Map<String, Function<Net, Step>> all = new LinkedHashMap<>();
    all.put("torch adam", Digits::adam);
    all.put("adam", net -> ours(TorchStepper.of(net.named_parameters(), Optimizers.adam(1e-3))));
    all.put("prodigy", net -> ours(TorchStepper.of(net.named_parameters(), prodigy)));
    all.put("sam opaque", net -> byLoss(TorchStepper.of(net.named_parameters(), sam)));
    return all;
  }

  private static Step adam(Net net) {
    Adam optimizer = new Adam(net.parameters(), new AdamOptions(1e-3));
    return (same, batch) -> {
      optimizer.zero_grad();
      batch.loss(net).backward();
      optimizer.step();
    };
  }

  private static Step ours(TorchStepper optimizer) {
    return (net, batch) -> {
      batch.loss(net).backward();
      optimizer.step();
    };
  }

  private static Step byLoss(TorchStepper optimizer) {
    return (net, batch) -> {
      Supplier<Tensor> loss = () -> batch.loss(net);
      optimizer.step(loss);
    };
  }

  private double accuracy(Function<Net, Step> made, int seed) {
    torch.manual_seed(seed);
    Net net = new Net((int) train.x().size(1), 10);
    Step step = made.apply(net);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      epoch(net, step);
    }
    return test.accuracy(net);
  }

  /** Takes a step on each batch of the shuffled examples. */
  private void epoch(Net net, Step step) {
    Tensor order = torch.randperm(train.size());
    for (long from = 0; from < train.size(); from += BATCH) {
      PointerScope scope = new PointerScope(); // frees the tensors of a batch at once
      step.take(net, train.rows(order.narrow(0, from, Math.min(BATCH, train.size() - from))));
      scope.close();
    }
    order.close();
  }
}
