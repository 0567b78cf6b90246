package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.dataset.ArrayDataset;
import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/djl.md compiles, runs and does what is said there. */
public class DocsTest {
  private static final String IMPORTS =
      """
      import ai.djl.*;
      import ai.djl.metric.*;
      import ai.djl.ndarray.*;
      import ai.djl.ndarray.types.*;
      import ai.djl.nn.*;
      import ai.djl.training.*;
      import ai.djl.training.dataset.*;
      import ai.djl.training.evaluator.*;
      import ai.djl.training.listener.*;
      import ai.djl.training.loss.*;
      import ai.djl.training.tracker.*;
      import dev.glissade.*;
      import dev.glissade.checkpoint.*;
      import dev.glissade.contrib.*;
      import dev.glissade.djl.*;
      import dev.glissade.optimizer.*;
      import dev.glissade.privacy.*;
      import dev.glissade.schedule.*;
      import dev.glissade.transform.*;
      import java.nio.file.Path;
      """;

  @TempDir Path temporary;

  /** What the page's code takes as given. */
  public static class Given {
    protected static Path folder;
    protected static ArrayDataset train;
    protected static ArrayDataset test;

    protected static Block net() {
      return Digits.BUILT_IN.net();
    }
  }

  @Test
  void theCodeRuns() throws Exception {
    NDManager manager = NDManager.newBaseManager();
    Given.folder = temporary;
    Given.train = Digits.BUILT_IN.train(manager, 64);
    Given.test = Digits.BUILT_IN.test(manager);
    String[] printed = Page.of("docs/djl.md").run(temporary, IMPORTS, Given.class).split("\n");
    assertThat(Double.parseDouble(printed[0])).isBetween(0.8, 1.0);
    assertThat(printed[1]).startsWith("d ");
    assertThat(printed[2]).startsWith("0.0999").contains(" 0.1");
    assertThat(printed[3]).startsWith("epsilon ");
    assertThat(printed[4]).isEqualTo("step 44");
  }
}
