package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads a folder in the MNIST layout: finds its files and pairs images with labels. */
final class IdxFolder {
  private static final int FILES_SHOWN = 5;

  private IdxFolder() {}

  static Images read(Path folder, DataRequest request) {
    Images.Part train =
        part(required(folder, "train-images", 3), required(folder, "train-labels", 1));
    Optional<Path> images = find(folder, "t10k-images", 3);
    Optional<Path> labels = find(folder, "t10k-labels", 1);
    String name = Inputs.name(folder);
    if (images.isEmpty() && labels.isEmpty()) {
      return Images.of(name, train, null, request);
    }
    Images.Part test =
        part(
            images.orElseGet(() -> required(folder, "t10k-images", 3)),
            labels.orElseGet(() -> required(folder, "t10k-labels", 1)));
    return Images.of(name, train, test, request);
  }

  /**
   * Reads the t10k images, or the train images if there are none, and says which.
   *
   * @param labeled whether the labels are needed; else there are none
   */
  static Images.Part forPrediction(Path folder, boolean labeled, Consumer<String> listener) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "the data must be a folder of IDX files, as the model's data was, but "
              + (Files.exists(folder) ? "was a file: " : "no folder exists at ")
              + folder);
    }
    String stem = find(folder, "t10k-images", 3).isPresent() ? "t10k" : "train";
    Path images = required(folder, stem + "-images", 3);
    listener.accept("reading " + Inputs.name(images));
    if (labeled) {
      return part(images, required(folder, stem + "-labels", 1));
    }
    IdxFile file = IdxFile.read(images, 3);
    return new Images.Part(
        file.name(), file.dimensions()[1], file.dimensions()[2], file.data(), new byte[0]);
  }

  private static Images.Part part(Path imageFile, Path labelFile) {
    IdxFile images = IdxFile.read(imageFile, 3);
    IdxFile labels = IdxFile.read(labelFile, 1);
    if (images.count() != labels.count()) {
      throw new DataException(
          "%s and %s must hold as many images as labels, but held %d and %d"
              .formatted(images.name(), labels.name(), images.count(), labels.count()));
    }
    return new Images.Part(
        images.name(),
        images.dimensions()[1],
        images.dimensions()[2],
        images.data(),
        labels.data());
  }

  private static Path required(Path folder, String stem, int rank) {
    return find(folder, stem, rank)
        .orElseThrow(() ->
            new DataException(
                "%s: a folder of IDX files must have %s-idx%d-ubyte, plain or .gz, but had %s"
                    .formatted(Inputs.name(folder), stem, rank, listing(folder))));
  }

  private static Optional<Path> find(Path folder, String stem, int rank) {
    return Stream.of("-", ".")
        .map(mark -> stem + mark + "idx" + rank + "-ubyte")
        .flatMap(file -> Stream.of(file, file + ".gz"))
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static String listing(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(Inputs::name).sorted().limit(FILES_SHOWN + 1L).toList();
      if (names.isEmpty()) {
        return "nothing";
      }
      String shown = String.join(", ", names.stream().limit(FILES_SHOWN).map(Text::quote).toList());
      return names.size() > FILES_SHOWN ? shown + " and more" : shown;
    } catch (IOException e) {
      throw Inputs.refuse(Inputs.name(folder), e);
    }
  }
}
