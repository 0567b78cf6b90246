package dev.glissade.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterServer;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.util.Pair;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** DJL's trainer with an optimizer of ours. */
public class GlissadeTrainer extends Trainer {
  private final ModelStepper<?> stepper;
  private final ParameterStore store;
  private final Mirrors mirrors = new Mirrors();

  /** Told the arrays of all parameters, by their ids, when the store is asked to update them. */
  private static final class Mirrors implements ParameterServer {
    final Map<String, List<NDArray>> arrays = new HashMap<>();

    @Override
    public void init(String parameterId, NDArray[] value) {}

    @Override
    public void update(String parameterId, NDArray[] params) {
      arrays.put(parameterId, List.of(params));
    }

    @Override
    public void update(String parameterId, NDArray[] grads, NDArray[] params) {
      update(parameterId, params);
    }

    @Override
    public void close() {}
  }

  public GlissadeTrainer(
      Model model, TrainingConfig config, GradientTransformation<?> optimizer) {
    super(model, config);
    this.stepper = new ModelStepper<>(optimizer);
    config
        .getInitializers()
        .forEach(pair -> model.getBlock().setInitializer(pair.getKey(), pair.getValue()));
    this.store = new ParameterStore(getManager(), false);
    store.setParameterServer(mirrors, config.getDevices());
  }

  @Override
  public void initialize(Shape... shapes) {
    getModel().getBlock().initialize(getModel().getNDManager(), getModel().getDataType(), shapes);
    for (Pair<String, Parameter> named : getModel().getBlock().getParameters()) {
      for (Device device : getDevices()) {
        store.getValue(named.getValue(), device, true);
      }
    }
  }

  @Override
  public NDList forward(NDList input) {
    return getModel().getBlock().forward(store, input, true);
  }

  @Override
  public NDList forward(NDList data, NDList labels) {
    return getModel().getBlock().forward(store, data, labels, null);
  }

  @Override
  public NDList evaluate(NDList input) {
    return getModel().getBlock().forward(store, input, false, null);
  }

  @Override
  public void step() {
    mirrors.arrays.clear();
    store.updateAllParameters();
    List<Trainable> trainables = new ArrayList<>();
    for (Pair<String, Parameter> named : Trainable.of(getModel().getBlock())) {
      List<NDArray> arrays = mirrors.arrays.get(named.getValue().getId());
      if (arrays != null) {
        trainables.add(new Trainable(named.getKey(), named.getValue(), arrays));
      }
    }
    stepper.step(trainables, getManager(), Extras.NONE);
  }

  @Override
  public void close() {
    store.sync();
    super.close();
  }
}
