package dev.glissade.dl4j;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.misc.DummyConfig;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.params.CenterLossParamInitializer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Which parts of a network's flat array are trained parameters. */
final class NetworkParameters {
  private final UpdatedNetwork network;
  private final List<Trainable> trainables;
  private final List<Part> parts = new ArrayList<>();

  /** The layers and the address of the description. */
  private List<Object> describedLayers = List.of();

  private long describedAddress;
  private List<FlatParameter> described = List.of();
  private List<Part> regularizedFrozen = List.of();

  /** The place of a parameter, trained or not, in the flat array. */
  private record Part(String path, Trainable layer, String name, long begin, long end) {}

  /** A copy of a part of the gradients. */
  record Copy(long begin, long end, INDArray numbers) {}

  NetworkParameters(UpdatedNetwork network, BaseMultiLayerUpdater<?> updater) {
    this.network = network;
    this.trainables = network.trainables();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      for (UpdaterBlock.ParamState state : block.getLayersAndVariablesInBlock()) {
        String layer = network.name(place(state.getLayer(), trainables));
        parts.add(
            new Part(
                layer + "_" + state.getParamName(),
                state.getLayer(),
                state.getParamName(),
                state.getParamOffsetStart(),
                state.getParamOffsetEnd()));
      }
    }
  }

  /** Returns whether the network still has the layers that it had when this was created. */
  @SuppressWarnings("ReferenceEquality") // a layer is frozen by replacing it
  boolean hasLayersOf(UpdatedNetwork now) {
    List<Trainable> layers = now.trainables();
    if (layers.size() != trainables.size()) {
      return false;
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) != trainables.get(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sets what an earlier pass left of frozen layers' gradients to zero: DL4J computes none for them
   * but subtracts what is there.
   */
  private void clearFrozen() {
    parts.stream().filter(this::isFrozen).forEach(part -> clear(part, network.gradients()));
  }

  /** Sets gradients to zero that DL4J regularizes though their layer is frozen. */
  void clearRegularized(INDArray gradients) {
    regularizedFrozen.forEach(part -> clear(part, gradients));
  }

  private static void clear(Part part, INDArray gradients) {
    if (part.end() > part.begin()) {
      FlatArrays.part(gradients, part.begin(), part.end()).assign(0);
    }
  }

  /** Returns copies of those gradients that are DL4J's own updates, such as those of statistics. */
  List<Copy> othersOf(INDArray gradients) {
    List<Copy> copies = new ArrayList<>();
    for (Part part : parts) {
      if (part.end() > part.begin() && !isFrozen(part) && !isTrained(part)) {
        INDArray own = FlatArrays.part(gradients, part.begin(), part.end());
        copies.add(new Copy(part.begin(), part.end(), FlatArrays.copy(own)));
      }
    }
    return copies;
  }

  /** Sets these gradients to such copies. */
  static void setOthers(INDArray gradients, List<Copy> copies) {
    copies.forEach(
        each -> FlatArrays.part(gradients, each.begin(), each.end()).assign(each.numbers()));
  }

  @SuppressWarnings("ReferenceEquality") // layers are equal if their numbers are
  private static int place(Trainable layer, List<Trainable> layers) {
    int i = 0;
    while (layers.get(i) != layer) {
      i++;
    }
    return i;
  }

  /** Returns the trained parameters as the network has them now, in its order. */
  List<FlatParameter> describe() {
    INDArray numbers = network.model().params();
    long address = FlatArrays.address(numbers);
    List<Object> layers = new ArrayList<>(parts.size());
    parts.forEach(part -> layers.add(network.layer(part.layer())));
    if (address != describedAddress || !areSame(layers, describedLayers)) {
      clearFrozen();
      regularizedFrozen =
          parts.stream()
              .filter(part -> network.layer(part.layer()) instanceof FrozenLayerWithBackprop)
              .toList();
      described = described(numbers);
      describedAddress = address;
      describedLayers = layers;
    }
    return described;
  }

  @SuppressWarnings("ReferenceEquality") // a layer is frozen by replacing it
  private static boolean areSame(List<Object> some, List<Object> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i)) {
        return false;
      }
    }
    return true;
  }

  private List<FlatParameter> described(INDArray numbers) {
    List<FlatParameter> trained = new ArrayList<>();
    for (Part part : parts) {
      if (isTrained(part)) {
        INDArray own = requireNonNull(part.layer().paramTable(false).get(part.name()));
        trained.add(FlatParameter.of(part.path(), part.begin(), own, numbers));
      }
    }
    if (trained.isEmpty()) {
      throw new IllegalStateException(
          "the network must have a parameter that is not frozen, but all %d were"
              .formatted(parts.size()));
    }
    return List.copyOf(trained);
  }

  private boolean isFrozen(Part part) {
    Object layer = network.layer(part.layer());
    return layer instanceof FrozenLayer
        || layer instanceof FrozenLayerWithBackprop
        || part.layer().getConfig() instanceof DummyConfig;
  }

  /**
   * Returns whether the optimizer trains a parameter. For statistics, and for whatever a layer
   * updates by a rule of its own, DL4J has an updater that does nothing.
   */
  private boolean isTrained(Part part) {
    TrainingConfig config = part.layer().getConfig();
    if (part.end() == part.begin()
        || isFrozen(part)
        || !part.layer().updaterDivideByMinibatch(part.name())
        || config.isPretrainParam(part.name())) {
      return false;
    }
    IUpdater updater = config.getUpdaterByParam(part.name());
    return !(updater instanceof NoOp)
        || (config instanceof BaseLayer layer
            && layer.getIUpdater() instanceof NoOp
            && !(config instanceof CenterLossOutputLayer
                && part.name().equals(CenterLossParamInitializer.CENTER_KEY)));
  }

  /** Refuses regularization of trained parameters that DL4J applies after its own updaters. */
  void requireNoDecay() {
    parts.stream().filter(this::isTrained).forEach(NetworkParameters::requireNoDecay);
  }

  private static void requireNoDecay(Part part) {
    List<Regularization> rules = part.layer().getConfig().getRegularizationByParam(part.name());
    if (rules == null) {
      return;
    }
    for (Regularization rule : rules) {
      if (rule.applyStep() == Regularization.ApplyStep.POST_UPDATER) {
        throw new IllegalArgumentException(
            "parameter \"%s\" must have no %s, which needs a learning rate of DL4J's: use the"
                    .formatted(part.path(), rule.getClass().getSimpleName())
                + " optimizer's, such as Optimizers.adamw or Transforms.addDecayedWeights");
      }
    }
  }
}
