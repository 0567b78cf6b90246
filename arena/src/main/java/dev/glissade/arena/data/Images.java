package dev.glissade.arena.data;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Images of unsigned bytes with labels, with or without a separate test part.
 *
 * @param classNames the labels in order
 */
record Images(
    String name, List<String> classNames, Part train, @Nullable Part test, DataRequest request)
    implements Examples {

  /** Images and their labels, as bytes. */
  record Part(String file, int height, int width, byte[] pixels, byte[] labels) {
    int features() {
      return height * width;
    }

    int count() {
      return pixels.length / features();
    }

    /** Returns the classes of the images; -1 for labels that are no class. */
    Labels classes(List<String> names) {
      int[] classes = new int[labels.length];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = names.indexOf(String.valueOf(labels[i] & 0xff));
      }
      return Labels.of(classes);
    }
  }

  static Images of(String name, Part train, @Nullable Part test, DataRequest request) {
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
    TreeSet<Integer> labels = labels(test == null ? List.of(train) : List.of(train, test));
    if (labels.size() < 2) {
      throw new DataException(
          "%s must have images of at least 2 classes, but all had the label %d"
              .formatted(name, labels.first()));
    }
    return new Images(name, labels.stream().map(String::valueOf).toList(), train, test, request);
  }

  @Override
  public Task task() {
    return Task.CLASSES;
  }

  @Override
  public Reading reading() {
    int[] counts = counts(train);
    int[] sizes =
        Parts.sizes(request.isPrivate() ? new int[] {train.labels().length} : counts, test != null);
    String rows =
        String.format(
            Locale.ROOT,
            "%s: %,d images: %s",
            name,
            size(),
            Reading.parts(sizes, test == null ? 0 : test.labels().length));
    String pixels =
        String.format(
            Locale.ROOT,
            "features: %d x %d pixels; %,d inputs",
            train.height(),
            train.width(),
            train.features());
    String label =
        "label: "
            + (request.isPrivate()
                ? Reading.classes(classNames)
                : Reading.classes(classNames, counts));
    return new Reading(List.of(rows, pixels, label), request.isPrivate() ? List.of() : doubts());
  }

  private int[] counts(Part part) {
    int[] counts = new int[classNames.size()];
    Labels labels = part.classes(classNames);
    for (int i = 0; i < labels.size(); i++) {
      counts[labels.classOf(i)]++;
    }
    return counts;
  }

  private List<String> doubts() {
    int[] counts = counts(train);
    int[] tested = test == null ? counts : counts(test);
    List<String> single =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] + (test == null ? 0 : tested[i]) == 1)
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
    if (request.isPrivate()) {
      return publicSplit(seed);
    }
    Parts.check(name, train.labels().length, "images");
    Labels labels = train.classes(classNames);
    Parts parts = Parts.of(labels, counts(train), test != null, seed);
    return split(labels, parts, scaling(parts.train()));
  }

  @Override
  public Split publicSplit(long seed) {
    Parts.check(name, train.labels().length, "images");
    Parts parts = Parts.blind(train.labels().length, test != null, seed);
    return split(train.classes(classNames), parts, LinearScale.PIXELS);
  }

  private Split split(Labels labels, Parts parts, LinearScale scaling) {
    Encoding encoding =
        new Encoding(
            new Encoding.Pixels(train.width(), train.height(), scaling),
            new LabelEncoding.ClassLabel("", -1, classNames));
    Dataset own = dataset(name, encoding, train.pixels(), labels, parts.train());
    return new Split(
        request.balanced() ? own.balanced() : own,
        dataset(name, encoding, train.pixels(), labels, parts.validation()),
        test == null
            ? dataset(name, encoding, train.pixels(), labels, parts.test())
            : dataset(
                name,
                encoding,
                test.pixels(),
                test.classes(classNames),
                IntStream.range(0, test.labels().length).toArray()));
  }

  /** Returns the mean and deviation of all pixels of the given images. */
  private LinearScale scaling(int[] rows) {
    long[] counts = new long[256];
    int features = train.features();
    for (int row : rows) {
      for (int k = row * features; k < (row + 1) * features; k++) {
        counts[train.pixels()[k] & 0xff]++;
      }
    }
    return Standardizer.ofBytes(counts);
  }

  /** Makes a data set of some images; looks up the input of each pixel byte. */
  static Dataset dataset(String name, Encoding encoding, byte[] pixels, Labels labels, int[] rows) {
    LinearScale scaling = ((Encoding.Pixels) encoding.inputs()).scaling();
    float[] scaled = new float[256];
    for (int p = 0; p < scaled.length; p++) {
      scaled[p] = scaling.apply(p / 255.0);
    }
    int features = encoding.features();
    Dataset.Encoder encoder =
        (row, target, at) -> {
          for (int k = 0; k < features; k++) {
            target[at + k] = scaled[pixels[row * features + k] & 0xff];
          }
        };
    return new Dataset(name, encoding, encoder, labels, rows, new double[0]);
  }
}
