package dev.glissade.arena.inspect;

import dev.glissade.Tensor;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Safetensors;
import dev.glissade.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a safetensors file holds.
 *
 * @param metadata its notes
 * @param checked whether it has a checksum, which is right then
 * @param estimLr the learned step size of Prodigy or D-Adaptation; null if there is none
 * @param sumOfS the sum of Mechanic's scales; null if there is none
 */
public record FileFacts(
    Map<String, String> metadata,
    boolean checked,
    @Nullable Double estimLr,
    @Nullable Double sumOfS,
    List<TensorFacts> tensors) {

  /** Reads one tensor after the other; the file may be larger than memory. */
  public static FileFacts of(Path path) throws CheckpointException {
    try (Safetensors file = Safetensors.open(path)) {
      file.verify();
      List<TensorFacts> all = new ArrayList<>();
      Double estimLr = null;
      Double sum = null;
      for (TensorInfo info : file.tensors()) {
        if (info.type().dtype() == null) {
          all.add(TensorFacts.of(info));
          continue;
        }
        Tensor tensor = file.tensor(info.name());
        all.add(TensorFacts.of(info, tensor));
        if (tensor.size() == 1 && info.name().matches("state/(.*/)?estimLr")) {
          estimLr = tensor.get(0);
        } else if (tensor.size() == 1 && info.name().matches("state/(.*/)?s/\\d+")) {
          sum = (sum == null ? 0 : sum) + tensor.get(0);
        }
      }
      return new FileFacts(file.metadata(), file.hasChecksum(), estimLr, sum, all);
    }
  }

  /** A note that checkpoints have; null if there is none. */
  public @Nullable String note(String name) {
    return metadata.get("glissade." + name);
  }
}
