package dev.glissade.arena.data;

import dev.glissade.withers.Withers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about the data.
 *
 * @param label the label column of a table: its name, its index from 0, or its index from the end
 *     (-1 is the last); a name takes precedence over an index. Null for the last column
 * @param header whether the first row of a table is a header
 * @param task what to predict; null for classes, with a refusal of labels that seem to be values
 * @param missing what becomes of missing values
 * @param drop the columns to leave out, by name or index
 * @param features the columns to use, exactly; empty for all that are of use
 * @param test a table with the test part; null to set a part of the data aside
 * @param balanced whether each class has the same weight in the loss
 * @param bounds the ranges of columns, by which they are scaled to [-1, 1] and clamped
 * @param categories the words of columns
 * @param isPrivate whether nothing may be learned from the data but what the user says
 * @param progress receives how much has been read
 */
@Withers
public record DataRequest(
    @Nullable String label,
    Header header,
    @Nullable Task task,
    Missing missing,
    List<String> drop,
    List<String> features,
    @Nullable Path test,
    boolean balanced,
    ColumnBounds bounds,
    Map<String, List<String>> categories,
    boolean isPrivate,
    LoadProgress progress)
    implements DataRequestWithers {

  /** Copies the lists. */
  public DataRequest {
    drop = List.copyOf(drop);
    features = List.copyOf(features);
    if (!drop.isEmpty() && !features.isEmpty()) {
      throw new IllegalArgumentException(
          "--drop must not be given with --features, which names all columns to use, but was "
              + String.join(",", drop));
    }
  }

  /** Returns the defaults. */
  public static DataRequest defaults() {
    return new DataRequest(
        null,
        Header.AUTO,
        null,
        Missing.REFUSE,
        List.of(),
        List.of(),
        null,
        false,
        ColumnBounds.NONE,
        Map.of(),
        false,
        LoadProgress.NONE);
  }
}
