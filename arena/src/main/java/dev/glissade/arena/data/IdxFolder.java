package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a folder in the MNIST layout: finds its files and pairs images with labels. */
final class IdxFolder {
  private static final int FILES_SHOWN = 5;

  private IdxFolder() {}

  static Images read(Path folder) {
    Images.Part train =
        part(required(folder, "train-images", 3), required(folder, "train-labels", 1));
    Optional<Path> images = find(folder, "t10k-images", 3);
    Optional<Path> labels = find(folder, "t10k-labels", 1);
    String name = Inputs.name(folder);
    if (images.isEmpty() && labels.isEmpty()) {
      return Images.of(name, train, null);
    }
    Images.Part test =
        part(
            images.orElseGet(() -> required(folder, "t10k-images", 3)),
            labels.orElseGet(() -> required(folder, "t10k-labels", 1)));
    return Images.of(name, train, test);
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
