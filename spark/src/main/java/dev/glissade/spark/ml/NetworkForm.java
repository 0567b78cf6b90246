package dev.glissade.spark.ml;

import dev.glissade.DType;
import dev.glissade.models.Activation;
import dev.glissade.models.Loss;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * A network and its loss in a form that Java can serialize.
 *
 * @param inputs the number of features
 * @param hidden the sizes of the hidden layers
 * @param outputs the number of outputs
 * @param activation the name of the function after each hidden layer
 */
record NetworkForm(int inputs, List<Integer> hidden, int outputs, String activation)
    implements Serializable {

  Mlp mlp() {
    Activation function = Activation.valueOf(activation.toUpperCase(Locale.ROOT));
    return new Mlp(inputs, hidden, outputs, function, DType.FLOAT32);
  }

  /**
   * Which loss to use.
   *
   * @param name softmax, squared or huber
   * @param delta the error from which on the Huber loss is linear
   */
  record LossForm(String name, double delta) implements Serializable {
    static final LossForm SOFTMAX = new LossForm("softmax", 1);

    Loss loss() {
      return switch (name) {
        case Choice.SQUARED -> Losses.squaredError();
        case Choice.HUBER -> Losses.huberLoss(delta);
        default -> Losses.softmaxCrossEntropy();
      };
    }

    boolean ofClasses() {
      return equals(SOFTMAX);
    }
  }
}
