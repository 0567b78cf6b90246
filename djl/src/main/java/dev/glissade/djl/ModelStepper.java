package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Steps a model's parameters where they are, with the gradients that DJL computed. */
final class ModelStepper<S> {
  private final GradientTransformation<S> transformation;
  private @Nullable ParameterTree parameters;
  private @Nullable Stepper<S> stepper;

  ModelStepper(GradientTransformation<S> transformation) {
    this.transformation = transformation;
  }

  void step(List<Trainable> trainables, NDManager manager, Extras extras) {
    Stepper<S> current = current(trainables);
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Trainable trainable : trainables) {
        NDArray gradient = trainable.gradient(scope);
        gradients.put(trainable.path(), gradient);
        tensors.put(
            trainable.path(),
            Tensor.wrap(trainable.dtype(), NativeArrays.memory(gradient), trainable.shape()));
      }
      parameters.load();
      current.step(Tree.of(tensors), extras);
      parameters.store();
      gradients.values().forEach(gradient -> NativeArrays.clear(gradient, scope));
    }
  }

  private Stepper<S> current(List<Trainable> trainables) {
    if (stepper == null || parameters == null || !parameters.isOf(trainables)) {
      parameters = ParameterTree.of(trainables);
      parameters.load();
      stepper = Stepper.borrowing(transformation, parameters.tree());
    }
    return stepper;
  }
}
