package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.PackageVersion;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Contrib;
import org.junit.jupiter.api.Test;

/** Checkpoints work with the Jackson that Spark brings, which a cluster has first. */
class JacksonTest {
  @Test
  void isTheOneOfSpark() throws Exception {
    assertThat(PackageVersion.VERSION.toString()).startsWith(System.getProperty("jackson"));
    Tree params = Tree.of("a name with \"quotes\" and \u00e9", Tensor.of(new float[] {1, 2}));
    Checkpoint saved = Checkpoint.of(params, Contrib.prodigy(), Contrib.prodigy().init(params));
    Checkpoint loaded = Blocks.checkpoint(Blocks.of(saved));
    assertThat(loaded.params().sameBits(params)).isTrue();
    assertThat(loaded.state(Contrib.prodigy())).isNotNull();
  }
}
