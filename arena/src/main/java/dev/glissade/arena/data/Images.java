package dev.glissade.arena.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Images of unsigned bytes with labels, with or without a separate test part.
 *
 * @param classOf the class of each label byte
 */
record Images(String name, List<String> classNames, int[] classOf, Part train, @Nullable Part test)
    implements Examples {

  /** Images and their labels, as bytes. */
  record Part(String file, int height, int width, byte[] pixels, byte[] labels) {
    int features() {
      return height * width;
    }
  }

  static Images of(String name, Part train, @Nullable Part test) {
    if (test != null && (train.height() != test.height() || train.width() != test.width())) {
      throw new DataException(
          "%s and %s must hold images of one size, but held %d x %d and %d x %d"
              .formatted(
                  train.file(),
                  test.file(),
                  train.height(),
                  train.width(),
                  test.height(),
                  test.width()));
    }
    if (test == null && train.labels().length < 2) {
      throw new DataException(name + " must have at least 2 images for a random split, but had 1");
    }
    TreeSet<Integer> labels = labels(test == null ? List.of(train) : List.of(train, test));
    if (labels.size() < 2) {
      throw new DataException(
          "%s must have images of at least 2 classes, but all had the label %d"
              .formatted(name, labels.first()));
    }
    int[] classOf = new int[256];
    List<Integer> ordered = List.copyOf(labels);
    ordered.forEach(label -> classOf[label] = ordered.indexOf(label));
    return new Images(name, ordered.stream().map(String::valueOf).toList(), classOf, train, test);
  }

  @Override
  public Reading reading() {
    String own =
        test == null
            ? ""
            : String.format(Locale.ROOT, ", %,d of them a test part", test.labels().length);
    return new Reading(
        String.format(
            Locale.ROOT,
            "%s: %,d images of %d x %d pixels%s, %s",
            name,
            size(),
            train.height(),
            train.width(),
            own,
            Reading.classes(classNames)),
        doubts());
  }

  private List<String> doubts() {
    int[] counts = new int[classNames.size()];
    for (Part part : test == null ? List.of(train) : List.of(train, test)) {
      for (byte label : part.labels()) {
        counts[classOf[label & 0xff]]++;
      }
    }
    List<String> single =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] == 1)
            .mapToObj(classNames::get)
            .toList();
    return single.isEmpty()
        ? List.of()
        : List.of("classes with a single image: " + Reading.some(single));
  }

  private static TreeSet<Integer> labels(List<Part> parts) {
    TreeSet<Integer> labels = new TreeSet<>();
    for (Part part : parts) {
      for (byte label : part.labels()) {
        labels.add(label & 0xff);
      }
    }
    return labels;
  }

  @Override
  public int size() {
    return train.labels().length + (test == null ? 0 : test.labels().length);
  }

  @Override
  public Split split(long seed) {
    return split(seed, rows -> scaledPixels(scaler(train, rows)));
  }

  @Override
  public Split publicSplit(long seed) {
    return split(seed, rows -> scaledPixels(StandardScaler.PIXELS));
  }

  private Split split(long seed, Function<int[], float[]> scaling) {
    if (test != null) {
      int[] all = inOrder(train);
      float[] scaled = scaling.apply(all);
      return new Split(select(train, all, scaled), select(test, inOrder(test), scaled));
    }
    int[] order = RandomOrder.of(size(), seed);
    int trainSize = RandomOrder.trainSize(size());
    int[] trainRows = Arrays.copyOfRange(order, 0, trainSize);
    int[] testRows = Arrays.copyOfRange(order, trainSize, order.length);
    float[] scaled = scaling.apply(trainRows);
    return new Split(select(train, trainRows, scaled), select(train, testRows, scaled));
  }

  private static int[] inOrder(Part part) {
    int[] rows = new int[part.labels().length];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  /** Returns the scaler of all pixels of the given rows. */
  private static StandardScaler scaler(Part part, int[] rows) {
    int features = part.features();
    return StandardScaler.of(
        new StandardScaler.Values() {
          @Override
          public long count() {
            return (long) rows.length * features;
          }

          @Override
          public double at(long i) {
            int at = rows[(int) (i / features)] * features + (int) (i % features);
            return (part.pixels()[at] & 0xff) / 255.0;
          }
        });
  }

  /** Returns the input for each pixel byte p: (p / 255 - mean) / deviation. */
  private static float[] scaledPixels(StandardScaler scaler) {
    float[] scaled = new float[256];
    for (int p = 0; p < scaled.length; p++) {
      scaled[p] = scaler.apply(p / 255.0);
    }
    return scaled;
  }

  private Dataset select(Part part, int[] rows, float[] scaled) {
    int features = part.features();
    float[] inputs = new float[rows.length * features];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = classOf[part.labels()[rows[i]] & 0xff];
      for (int k = 0; k < features; k++) {
        inputs[i * features + k] = scaled[part.pixels()[rows[i] * features + k] & 0xff];
      }
    }
    return new Dataset(name, features, classNames, List.of(), inputs, labels);
  }
}
