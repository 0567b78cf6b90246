package dev.glissade.arena.inspect;

import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Safetensors;
import dev.glissade.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A summary of a safetensors file.
 *
 * @param metadata the file's metadata
 * @param checked whether the file has a checksum, which {@link #of} verifies
 * @param estimLr the learned step size of Prodigy or D-Adaptation; null without one
 * @param sumOfS the sum of Mechanic's scales; null without any
 */
public record FileSummary(
    Map<String, String> metadata,
    boolean checked,
    @Nullable Double estimLr,
    @Nullable Double sumOfS,
    List<TensorSummary> tensors) {

  /** Reads a file tensor by tensor, so the file may be larger than memory. */
  public static FileSummary of(Path path) throws CheckpointException {
    try (Safetensors file = Safetensors.open(path)) {
      file.verify();
      List<TensorSummary> all = new ArrayList<>();
      Double estimLr = null;
      Double sum = null;
      for (TensorInfo info : file.tensors()) {
        TensorSummary summary = TensorSummary.of(file, info);
        all.add(summary);
        if (info.bytes() * Byte.SIZE == info.type().bits()) { // one number; NaN if not finite
          if (info.name().matches("state/(.*/)?estimLr")) {
            estimLr = summary.min();
          } else if (info.name().matches("state/(.*/)?s/\\d+")) {
            sum = (sum == null ? 0 : sum) + summary.min();
          }
        }
      }
      return new FileSummary(file.metadata(), file.hasChecksum(), estimLr, sum, all);
    }
  }

  /** Returns a note that checkpoints have, or null. */
  public @Nullable String note(String name) {
    return metadata.get("glissade." + name);
  }
}
