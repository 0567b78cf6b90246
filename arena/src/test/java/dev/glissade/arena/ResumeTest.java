package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.checkpoint.FolderLock;
import dev.glissade.checkpoint.Safetensors;
import dev.glissade.privacy.accounting.LossDistributionAccountant;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.SampledGaussian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that goes on from a checkpoint ends as one that was never interrupted. */
class ResumeTest {
  @TempDir private Path folder;

  private static ProgramRun train(Path model, String optimizer, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--optimizer=" + optimizer, "--epochs=2", "--batch=64"));
    arguments.add("--out=" + model);
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  private byte[] undisturbed(String optimizer) throws IOException {
    Path model = folder.resolve("undisturbed.safetensors");
    ProgramRun run = train(model, optimizer);
    assertThat(run.code()).as(run.err()).isZero();
    return Files.readAllBytes(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "sam(opaque_mode=true)", "dpsgd"})
  void anyCheckpointLeadsToTheSameModel(String optimizer) throws IOException {
    requireSameModels(optimizer);
  }

  /** A run that goes on evaluates the loss once more: nobody knows who changed the parameters. */
  @Test
  void anyCheckpointOfAFullBatchLeadsToTheSameModel() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    String[] full = {"--epochs=6", "--batch=all", "--l2=0.001", "--model=softmax", "--json"};
    ProgramRun first = lbfgs(model, full, "--checkpoint=" + kept, "--every=2", "--keep=9");
    assertThat(first.code()).as(first.err()).isZero();
    byte[] expected = Files.readAllBytes(model);
    List<Path> files = new ArrayList<>(Checkpoints.in(kept).files());
    assertThat(files).hasSize(3);
    Files.delete(files.get(0));
    ProgramRun again = lbfgs(model, full, "--checkpoint=" + kept, "--resume");
    assertThat(again.err()).contains("resuming at step 4");
    assertThat(Files.readAllBytes(model)).isEqualTo(expected);
    assertThat(evaluations(first)).isBetween(7L, 20L);
    assertThat(evaluations(again)).isEqualTo(evaluations(first) + 1);
    full[2] = "--l2=0.002";
    assertThat(lbfgs(model, full, "--checkpoint=" + kept, "--resume").err())
        .contains("l2 must be 0.001, as in the run of the checkpoints");
  }

  private static ProgramRun lbfgs(Path model, String[] options, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--optimizer=lbfgs", "--out=" + model));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  private static long evaluations(ProgramRun run) throws IOException {
    return new ObjectMapper().readTree(run.out()).get("evaluations").asLong();
  }

  /** The states themselves are saved and resumed, for every optimizer, beside the checkpoints. */
  @ParameterizedTest
  @Tag("slow")
  @ValueSource(
      strings = {
        "sgd",
        "adamw",
        "dadapt_adamw",
        "cocob",
        "mechanize(adamw)",
        "sam",
        "noisy_sgd",
        "split_real_and_imaginary",
        "chain(clip_by_global_norm(max_norm=1),apply_if_finite(adamw,max_consecutive_errors=3))"
      })
  void anyCheckpointOfOthersLeadsToTheSameModel(String optimizer) throws IOException {
    requireSameModels(optimizer);
  }

  private void requireSameModels(String optimizer) throws IOException {
    byte[] expected = undisturbed(optimizer);
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    ProgramRun first = train(model, optimizer, "--checkpoint=" + kept, "--every=7", "--keep=9");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(Files.readAllBytes(model)).isEqualTo(expected);
    List<Path> files = new ArrayList<>(Checkpoints.in(kept).files());
    assertThat(files).hasSize(5);
    while (!files.isEmpty()) {
      Files.delete(model);
      ProgramRun again =
          train(model, optimizer, "--checkpoint=" + kept, "--every=1000", "--keep=9", "--resume");
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(again.err()).contains("resuming at step ").doesNotContain("test accuracy 0.00 %");
      assertThat(Files.readAllBytes(model)).isEqualTo(expected);
      Files.deleteIfExists(kept.resolve("checkpoint-000000000034.safetensors"));
      Files.deleteIfExists(files.remove(0));
    }
  }

  @Test
  void aDamagedCheckpointIsPassedOver() throws IOException {
    byte[] expected = undisturbed("prodigy");
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    train(model, "prodigy", "--checkpoint=" + kept, "--every=7", "--keep=9");
    Path newest = Checkpoints.in(kept).files().get(0);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    ProgramRun again = train(model, "prodigy", "--checkpoint=" + kept, "--resume");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("the checksum is wrong", "going back to the previous checkpoint")
        .contains("resuming at step 28");
    assertThat(Files.readAllBytes(model)).isEqualTo(expected);
  }

  @Test
  void otherRunsAreRefused() {
    Path model = folder.resolve("model.safetensors");
    String kept = "--checkpoint=" + folder.resolve("kept");
    train(model, "adamw", kept);
    assertThat(train(model, "adamw", kept).err())
        .contains("must be a folder without checkpoints, but was ", ": pass --resume to continue");
    assertThat(train(model, "sgd", kept, "--resume").err())
        .contains("the optimizer differs: it is \"adamw\" in the file but \"sgd\" here");
    assertThat(train(model, "adamw(b1=0.8)", kept, "--resume").err())
        .contains("the optimizer differs: b1 is 0.9 in the file but 0.8 here");
    assertThat(train(model, "adamw", kept, "--resume", "--seed=1").err())
        .contains("seed must be 0, as in the run of the checkpoints in ", "kept, but was 1");
    assertThat(train(model, "adamw", kept, "--resume", "--non-finite=skip").err())
        .contains("non_finite must be stop, as in the run");
    assertThat(train(model, "dpsgd", kept, "--resume", "--target-epsilon=3").err())
        .contains("private must be false, as in the run");
    assertThat(train(model, "adamw", kept, "--resume", "--model=softmax").err())
        .contains("model must be MLP 64-64-10, as in the run");
    assertThat(train(model, "adamw", "--resume").err())
        .contains("--resume must be given with --checkpoint");
    assertThat(train(model, "adamw", "--every=3").err())
        .contains("--every must be given with --checkpoint");
    assertThat(train(model, "adamw", kept, "--every=0").err())
        .contains("--every must be at least 1, but was 0");
  }

  /** Also those of a run that was interrupted. */
  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "mechanize(adamw)", "sam"})
  void equalRunsWriteEqualCheckpoints(String optimizer) throws IOException {
    Path model = folder.resolve("model.safetensors");
    for (String kept : List.of("a", "b", "c")) {
      String where = "--checkpoint=" + folder.resolve(kept);
      assertThat(train(model, optimizer, where, "--every=11", "--keep=9").code()).isZero();
      if (kept.equals("c")) {
        for (Path file : Checkpoints.in(folder.resolve(kept)).files().subList(0, 3)) {
          Files.delete(file);
        }
        ProgramRun again = train(model, optimizer, where, "--every=11", "--keep=9", "--resume");
        assertThat(again.code()).as(again.err()).isZero();
      }
    }
    List<Path> files = Checkpoints.in(folder.resolve("a")).files();
    assertThat(files).hasSizeGreaterThan(3);
    for (Path file : files) {
      assertThat(folder.resolve("b").resolve(file.getFileName())).hasSameBinaryContentAs(file);
      assertThat(folder.resolve("c").resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  /** A folder is of one run at a time, with and without checkpoints, new and resumed. */
  @Test
  void aFolderThatARunHasIsRefused() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    String where = "--checkpoint=" + kept;
    for (int round = 0; round < 2; round++) {
      try (FolderLock other = Checkpoints.in(kept).lock()) {
        assertThat(other).isNotNull();
        for (String more : List.of("--seed=0", "--resume")) {
          ProgramRun run = train(model, "adamw", where, more);
          assertThat(run.code()).isEqualTo(2);
          assertThat(run.err()).contains(kept + ": the folder is in use by another run");
        }
      }
      assertThat(train(model, "adamw", where, "--resume").code()).isZero();
    }
    // A run that is refused for another reason lets the folder go, too.
    assertThat(train(model, "adamw", where).code()).isEqualTo(2);
    Checkpoints.in(kept).lock().close();
  }

  /** What can't be written is said, and training goes on. */
  @Test
  void aRunOutlivesItsFolder() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    Files.createDirectories(kept.resolve("checkpoint-000000000022.safetensors/full"));
    ProgramRun run = train(model, "adamw", "--checkpoint=" + kept, "--every=11");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("can't save a checkpoint of step 22 (the last one is of step 11): ");
    assertThat(kept.resolve("checkpoint-000000000034.safetensors")).exists();
    assertThat(train(model, "adamw", "--checkpoint=/proc/nothing").code()).isEqualTo(2);
  }

  /** Steps that were taken after a checkpoint stay spent when a run goes back to it. */
  @Test
  void aPrivateRunGoesOn() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    String[] privately = {
      "--model=softmax", "--target-epsilon=3", "--checkpoint=" + kept, "--every=10", "--keep=9"
    };
    ProgramRun first = train(model, "dpsgd", privately);
    assertThat(first.code()).as(first.err()).isZero();
    for (Path file : Checkpoints.in(kept).files().subList(0, 2)) {
      Files.delete(file);
    }
    List<String> resumed = new ArrayList<>(List.of(privately));
    resumed.add("--resume");
    ProgramRun again = train(model, "dpsgd", resumed.toArray(String[]::new));
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("resuming at step ");
    assertThat(again.out())
        .contains(
            "spent: epsilon 3.000", " including those before the return to an older checkpoint");
    assertThat(Files.readString(kept.resolve("privacy.ledger"))).contains("noise=", " count=34 ");
  }

  private List<String> privateRun(Path kept, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--model=softmax", "--target-epsilon=3", "--checkpoint=" + kept));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private ProgramRun trainPrivately(Path model, String optimizer, Path kept, String... more) {
    return train(model, optimizer, privateRun(kept, more).toArray(String[]::new));
  }

  @Test
  void anotherPrivateRunIsRefused() {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    ProgramRun first = trainPrivately(model, "dpsgd(l2_norm_clip=0.5)", kept);
    assertThat(first.code()).as(first.err()).isZero();
    for (String other :
        List.of(
            "l2_norm_clip=5",
            "l2_norm_clip=0.5,learning_rate=3",
            "l2_norm_clip=0.5,momentum=0.1")) {
      String name = other.replaceFirst(".*,", "").replaceFirst("=.*", "");
      assertThat(trainPrivately(model, "dpsgd(" + other + ")", kept, "--resume").err())
          .contains("glissade: " + name + " must be ", "as in the run of the checkpoints in ");
    }
    assertThat(
            trainPrivately(model, "dpsgd(l2_norm_clip=0.5)", kept, "--resume", "--delta=1e-6")
                .err())
        .contains("as in the run of the checkpoints in ");
    assertThat(
            trainPrivately(model, "dpsgd(l2_norm_clip=0.5)", kept, "--resume", "--target-epsilon=2")
                .code())
        .isEqualTo(2);
    assertThat(train(model, "adamw", "--model=softmax", "--checkpoint=" + kept, "--resume").err())
        .contains("private must be true, as in the run");
    assertThat(
            trainPrivately(model, "dpsgd(l2_norm_clip=0.5,expected_batch_size=7)", kept, "--resume")
                .err())
        .contains("expected_batch_size must be 64.0, the expected size of a batch, but was 7.0");
    assertThat(train(model, "dpsgd", "--target-epsilon=3", "--ledger-lost").err())
        .contains("--ledger-lost must be given with --target-epsilon and --resume");
    assertThat(train(model, "dpsgd", "--delta=1e-6").err())
        .contains("--delta must be given with --target-epsilon");
    assertThat(train(model, "dpsgd", "--target-epsilon=3", "--non-finite=skip").err())
        .contains("--non-finite must be stop with --target-epsilon");
  }

  /** A ledger that another run has spent leaves nothing: no step, no model. */
  @Test
  void aSpentLedgerTrainsNothing() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    assertThat(trainPrivately(model, "dpsgd", kept).code()).isZero();
    byte[] before = Files.readAllBytes(model);
    List<Path> files = Checkpoints.in(kept).files();
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Files.delete(file);
    }
    ProgramRun again = trainPrivately(model, "dpsgd", kept);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains(
            "must allow at least one step, but ledger ",
            "allows no more steps at epsilon 3.0 and delta");
    assertThat(again.out()).isEmpty();
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
    assertThat(Checkpoints.in(kept).files()).isEmpty();
  }

  /** An old copy of a ledger is refused; said to be lost, it counts what the checkpoint knows. */
  @Test
  void aLedgerThatIsShorterThanItsCheckpoint() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    Path ledger = kept.resolve("privacy.ledger");
    assertThat(trainPrivately(model, "dpsgd", kept, "--every=10", "--keep=9").code()).isZero();
    Path newest = Checkpoints.in(kept).files().get(0);
    Files.delete(newest);
    Files.delete(ledger);
    ProgramRun refused = trainPrivately(model, "dpsgd", kept, "--every=10", "--resume");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("must have every step that it had at the checkpoint");
    ProgramRun known =
        trainPrivately(model, "dpsgd", kept, "--every=10", "--resume", "--ledger-lost=2");
    assertThat(known.code()).as(known.err()).isZero();
    assertThat(known.err())
        .contains("the run ended after 32 of 34 steps: ", "allows no more")
        .doesNotContain("WARNING");
    assertThat(Files.readString(ledger)).contains(" count=34 ");
    Files.write(ledger, new byte[200]);
    ProgramRun damaged = trainPrivately(model, "dpsgd", kept, "--every=10", "--resume");
    assertThat(damaged.code()).isEqualTo(2);
    assertThat(damaged.err()).contains("Without a copy, pass --resume --ledger-lost");
    ProgramRun restored = trainPrivately(model, "dpsgd", kept, "--resume", "--ledger-lost");
    assertThat(restored.code()).as(restored.err()).isZero();
    assertThat(restored.err()).contains("Moved it to ", "privacy.ledger.damaged", "allows no more");
    assertThat(Files.readString(ledger)).contains(" count=36 ");
    assertThat(kept.resolve("privacy.ledger.damaged")).exists();
  }

  /**
   * A model file says of its privacy what was used, and a checkpoint nothing of single examples.
   */
  @Test
  void filesOfAPrivateRunSayWhatHolds() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path kept = folder.resolve("kept");
    ProgramRun run = trainPrivately(model, "dpsgd(noise_multiplier=1.0)", kept);
    assertThat(run.code()).as(run.err()).isZero();
    try (Safetensors file = Safetensors.open(model)) {
      Map<String, String> facts = file.metadata();
      double noise = Double.parseDouble(facts.get("noise_multiplier"));
      assertThat(facts.get("optimizer"))
          .contains("\"noise_multiplier\":" + noise, "\"expected_batch_size\":64.0")
          .doesNotContain("seed");
      assertThat(facts).containsKeys("epsilon", "accountant", "l2_norm_clip", "sampling_rate");
      assertThat(facts).containsEntry("delta", "1.0E-5").containsEntry("steps", "34");
      assertThat(facts).containsEntry("adjacency", "add or remove one example, in the train part");
      assertThat(facts).containsEntry("sampling", "poisson").doesNotContainKey("train_loss");
      PrivacyBudget budget =
          PrivacyBudget.of(
              Double.parseDouble(facts.get("epsilon")) * (1 + 1e-9),
              1e-5,
              LossDistributionAccountant::new);
      double rate = Double.parseDouble(facts.get("sampling_rate"));
      assertThat(budget.allows(new SampledGaussian(rate, noise, 34))).isTrue();
      assertThat(budget.allows(new SampledGaussian(rate, noise * 0.99, 34))).isFalse();
    }
    Checkpoint checkpoint = Checkpoints.in(kept).newest();
    assertThat(checkpoint.metadata()).containsEntry("examples", "1078");
    assertThat(checkpoint.metadata()).doesNotContainKey("data_checksum");
  }
}
