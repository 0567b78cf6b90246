package dev.glissade.arena.model;

import dev.glissade.arena.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ejml.data.FMatrixRMaj;

/** Dense layers with ReLU between them; without a hidden layer, softmax regression. */
final class Mlp implements Model {
  private static final int EVALUATED_AT_ONCE = 256;

  private final List<Dense> layers = new ArrayList<>();

  /** activations[l] is the input of layer l; the last holds the logits, then their gradient. */
  private final FMatrixRMaj[] activations;

  private final FMatrixRMaj[] inputGradients;
  private final Map<String, int[]> shapes = new LinkedHashMap<>();
  private int[] labels = new int[0];

  Mlp(int features, List<Integer> hidden, int classes) {
    List<Integer> sizes = new ArrayList<>(hidden);
    sizes.add(0, positive("features", features));
    sizes.add(positive("classes", classes));
    for (int l = 0; l + 1 < sizes.size(); l++) {
      layers.add(new Dense("dense" + l, positive("hidden size", sizes.get(l)), sizes.get(l + 1)));
    }
    for (Dense layer : layers) {
      shapes.put(layer.kernelPath, new int[] {layer.in, layer.out});
      shapes.put(layer.biasPath, new int[] {layer.out});
    }
    activations = empty(sizes.size());
    inputGradients = empty(layers.size());
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    return value;
  }

  private static FMatrixRMaj[] empty(int n) {
    FMatrixRMaj[] matrices = new FMatrixRMaj[n];
    Arrays.setAll(matrices, i -> new FMatrixRMaj(0, 0));
    return matrices;
  }

  @Override
  public String description() {
    String sizes = layers.stream().map(layer -> layer.out + "").collect(Collectors.joining("-"));
    String kind = layers.size() == 1 ? "softmax regression" : "MLP";
    return kind + " " + layers.get(0).in + "-" + sizes;
  }

  @Override
  public Map<String, int[]> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, float[]> init(long seed) {
    Normals normals = new Normals(seed);
    Map<String, float[]> parameters = zeros();
    for (Dense layer : layers) {
      boolean last = layer == layers.get(layers.size() - 1);
      double variance = last ? 2.0 / (layer.in + layer.out) : 2.0 / layer.in;
      normals.fill(array(parameters, layer.kernelPath), Math.sqrt(variance));
    }
    return parameters;
  }

  @Override
  public double gradients(
      Map<String, float[]> parameters,
      Dataset data,
      int[] rows,
      int from,
      int to,
      Map<String, float[]> gradients) {
    checkLengths("gradient", gradients);
    return backward(parameters, data, rows, from, to, gradients, false);
  }

  @Override
  public double perExampleGradients(
      Map<String, float[]> parameters,
      Dataset data,
      int[] rows,
      int from,
      int to,
      Map<String, float[]> gradients) {
    checkRoom(gradients, to - from);
    return backward(parameters, data, rows, from, to, gradients, true);
  }

  private double backward(
      Map<String, float[]> parameters,
      Dataset data,
      int[] rows,
      int from,
      int to,
      Map<String, float[]> gradients,
      boolean perExample) {
    gather(data, rows, from, to);
    forward(parameters);
    FMatrixRMaj dz = activations[layers.size()];
    double sum = CrossEntropy.gradient(dz, labels, perExample ? 1 : 1.0 / (to - from));
    for (int l = layers.size() - 1; l >= 0; l--) {
      Dense layer = layers.get(l);
      FMatrixRMaj x = activations[l];
      float[] dw = array(gradients, layer.kernelPath);
      float[] db = array(gradients, layer.biasPath);
      if (perExample) {
        layer.perExampleGradients(x, dz, dw, db);
      } else {
        layer.gradients(x, dz, dw, db);
      }
      if (l > 0) {
        layer.backward(dz, array(parameters, layer.kernelPath), inputGradients[l]);
        dz = inputGradients[l];
        stopWhereInactive(x, dz);
      }
    }
    return sum / (to - from);
  }

  /** Sets dx to 0 where x is not positive: the gradient of ReLU. */
  private static void stopWhereInactive(FMatrixRMaj x, FMatrixRMaj dx) {
    for (int i = 0; i < dx.numRows * dx.numCols; i++) {
      dx.data[i] = x.data[i] > 0 ? dx.data[i] : 0;
    }
  }

  @Override
  public Metrics evaluate(Map<String, float[]> parameters, Dataset data) {
    int[] rows = new int[data.size()];
    Arrays.setAll(rows, i -> i);
    double loss = 0;
    int right = 0;
    FMatrixRMaj logits = activations[layers.size()];
    for (int from = 0; from < rows.length; from += EVALUATED_AT_ONCE) {
      int to = Math.min(rows.length, from + EVALUATED_AT_ONCE);
      gather(data, rows, from, to);
      forward(parameters);
      for (int i = 0; i < to - from; i++) {
        loss += CrossEntropy.loss(logits, i, labels[i]);
        right += CrossEntropy.isRight(logits, i, labels[i]) ? 1 : 0;
      }
    }
    return new Metrics(loss / rows.length, (double) right / rows.length);
  }

  private void forward(Map<String, float[]> parameters) {
    checkLengths("parameter", parameters);
    for (int l = 0; l < layers.size(); l++) {
      Dense layer = layers.get(l);
      FMatrixRMaj z = activations[l + 1];
      layer.forward(
          activations[l],
          array(parameters, layer.kernelPath),
          array(parameters, layer.biasPath),
          z);
      if (l + 1 < layers.size()) {
        for (int i = 0; i < z.numRows * z.numCols; i++) {
          z.data[i] = Math.max(0, z.data[i]);
        }
      }
    }
  }

  private void gather(Dataset data, int[] rows, int from, int to) {
    checkData(data, rows, from, to);
    int features = data.features();
    activations[0].reshape(to - from, features);
    labels = labels.length < to - from ? new int[to - from] : labels;
    for (int i = from; i < to; i++) {
      if (rows[i] < 0 || rows[i] >= data.size()) {
        throw new IllegalArgumentException(
            "rows[%d] must be in [0, %d), but was %d".formatted(i, data.size(), rows[i]));
      }
      labels[i - from] = data.label(rows[i]);
    }
    data.inputs(rows, from, to, activations[0].data);
  }

  private void checkData(Dataset data, int[] rows, int from, int to) {
    if (from < 0 || to > rows.length || from >= to) {
      throw new IllegalArgumentException(
          "a batch must have 0 <= from < to <= %d, but had from %d, to %d"
              .formatted(rows.length, from, to));
    }
    int features = layers.get(0).in;
    int classes = layers.get(layers.size() - 1).out;
    if (data.features() != features || data.outputs() > classes) {
      throw new IllegalArgumentException(
          "%s must get %d features and at most %d classes, but %s has %d and %d"
              .formatted(
                  description(), features, classes, data.name(), data.features(), data.outputs()));
    }
  }

  private void checkLengths(String what, Map<String, float[]> arrays) {
    shapes()
        .forEach((path, shape) -> {
          int length = array(arrays, path).length;
          if (length != size(shape)) {
            throw new IllegalArgumentException(
                "%s %s must have %d numbers, but had %d"
                    .formatted(what, path, size(shape), length));
          }
        });
  }

  private void checkRoom(Map<String, float[]> arrays, int batch) {
    shapes()
        .forEach((path, shape) -> {
          int length = array(arrays, path).length;
          if (length < (long) batch * size(shape)) {
            throw new IllegalArgumentException(
                "per-example gradient %s must have at least %d x %d numbers, but had %d"
                    .formatted(path, batch, size(shape), length));
          }
        });
  }

  private static int size(int[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static float[] array(Map<String, float[]> arrays, String path) {
    float[] array = arrays.get(path);
    if (array == null) {
      throw new IllegalArgumentException(
          "arrays must have " + path + ", but had " + arrays.keySet());
    }
    return array;
  }
}
