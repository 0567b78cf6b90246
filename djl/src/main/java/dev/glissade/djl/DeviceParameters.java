package dev.glissade.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterServer;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's parameters on each device, in our own store, because the store of DJL's trainer does
 * not say which arrays it has.
 */
final class DeviceParameters {
  private final NDManager manager;
  private final Device[] devices;
  private final ArrayRecorder recorder = new ArrayRecorder();
  private ParameterStore store;

  /** Records the arrays of all parameters, by id, when the store asks it to update them. */
  private static final class ArrayRecorder implements ParameterServer {
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

  DeviceParameters(NDManager manager, Device[] devices) {
    this.manager = manager;
    this.devices = devices.clone();
    this.store = empty();
  }

  private ParameterStore empty() {
    ParameterStore made = new ParameterStore(manager, false);
    made.setParameterServer(recorder, devices);
    return made;
  }

  /** Returns the store that passes take their parameters from. */
  ParameterStore store() {
    return store;
  }

  /** Adds the block's parameters, which must be initialized, to the store; replaced ones again. */
  void begin(Block block) {
    recordArrays();
    if (block.getParameters().values().stream().anyMatch(this::isReplaced)) {
      store = empty();
    }
    for (Parameter parameter : block.getParameters().values()) {
      for (Device device : devices) {
        store.getValue(parameter, device, true);
      }
    }
  }

  /** Returns the block's parameters that are not frozen and that a pass may have used. */
  List<Trainable> trainables(Block block) {
    recordArrays();
    return Trainable.of(
        block,
        (path, parameter) -> {
          if (isReplaced(parameter)) {
            throw new IllegalStateException(
                "parameter \"%s\" must have the array that the passes used, but had another one:"
                        .formatted(path)
                    + " call initialize again after Model.load");
          }
          return recorder.arrays.get(parameter.getId());
        });
  }

  private void recordArrays() {
    recorder.arrays.clear();
    store.updateAllParameters();
  }

  /** Returns whether a parameter has a new array; on several devices, DJL may copy it to each. */
  @SuppressWarnings("ReferenceEquality") // arrays of equal numbers are not the same array
  private boolean isReplaced(Parameter parameter) {
    List<NDArray> used = recorder.arrays.get(parameter.getId());
    if (used == null || devices.length > 1 || !parameter.isInitialized()) {
      return false;
    }
    NDArray own = parameter.getArray();
    return own != used.get(0) && own.getDevice().equals(used.get(0).getDevice());
  }
}
