package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
  @TempDir Path folder;

  private static void refused(ProgramRun program, String... parts) {
    assertThat(program.code()).as(program.err()).isEqualTo(2);
    assertThat(program.err()).startsWith("glissade: ").contains(parts);
    assertThat(program.err().lines()).as("one sentence").hasSize(1);
    assertThat(program.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--optimizers=adamv | the optimizer or schedule must be in the catalog, but was \"adamv\": did you mean \"adam\"?",
        "--optimizers=adam(beta1=0.9) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"beta1\": did you mean \"b1\"?",
        "--optimizers=adam(beta_2=0.9) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"beta_2\": did you mean \"b2\"?",
        "--optimizers=adam(lr=0.9) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"lr\": did you mean \"learning_rate\"?",
        "--optimizers={\"name\":\"adam\",\"args\":{\"lr\":1}} | did you mean \"learning_rate\"?",
        "--optimizers=adamw(wd=0.9) | did you mean \"weight_decay\"?",
        "--optimizers=sgd(whatever=0.9) | the argument of sgd must be one of [learning_rate, momentum, nesterov, accumulator_dtype], but was \"whatever\"",
        "--optimizers=AdamW | the optimizer or schedule must be in the catalog, but was \"AdamW\": did you mean \"adamw\"?",
        "--optimizers=adam(b1=2) | b1 must be in [0, 1), but was 2.0",
        "--optimizers=adam(lr=.1) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"lr\": did you mean \"learning_rate\"?",
        "--optimizers=adam(lr=) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"lr\": did you mean \"learning_rate\"?",
        "--optimizers=adam(b1=x,lr=1e) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"lr\": did you mean",
        "--optimizers=adam(learning-rate=1) | did you mean \"learning_rate\"?",
        "--optimizers=adam(beta1=.9x) | the argument of adam must be one of [learning_rate, b1, b2, eps, eps_root, mu_dtype, nesterov], but was \"beta1\": did you mean \"b1\"?",
        "--optimizers=adamw(wd=.1) | did you mean \"weight_decay\"?",
        "--optimizers=adam(b1=x) | adam: \"b1\" must be a number, but was \"x\"",
        "--optimizers=adam(b1=) | adam: \"b1\" must be a number, but was \"\"",
        "--optimizers=adam(learning_rate=.x) | must be a number or a schedule, but was \".x\"",
        "--optimizers=adam(learning_rate=inf) | must be a number or a schedule, but was \"inf\"",
        "--optimizers=adam(learning_rate=) | must be a number or a schedule, but was \"\"",
        "--optimizers=adam(learning_rate={1}) | \"learning_rate\" is not JSON: line 1, column",
        "--optimizers=adam(b1=None) | \"b1\" must not be null",
        "--optimizers=sgd(nesterov=yes) | \"nesterov\" must be a boolean, but was \"yes\"",
        "--optimizers=adam(.1) | arguments of adam must be name=value, such as learning_rate=.1, but was .1",
        "--optimizers=mechanize(.1) | arguments of mechanize must be name=value, such as ",
        "--optimizers=mechanize(sgdd) | did you mean \"sgd\"?",
        "--optimizers=mechanize(sgd,adam) | mechanize must have at most one inner optimizer, but had 2",
        "--optimizers=cocob(sgd) | cocob must have no inner optimizer, but had 1",
        "--optimizers=mechanize(sgd | but lacked a closing ): mechanize(sgd",
        "--optimizers=mechanize(sgd)x | must end with \")\", but was mechanize(sgd)x",
        "--optimizers=sgd) | must have balanced brackets, but had an extra \")\": sgd)",
        "--optimizers=sgd,,adam | --optimizers must not have empty parts, but was \"sgd,,adam\"",
        "--optimizers={\"name\":\"sgd\" | must have balanced brackets and quotes, but lacked a closing }",
        "--optimizers={\"name\":\"sgd\"} | sgd must have the argument \"learning_rate\", but had []",
        "--optimizers={\"name\":} | the optimizer is not JSON: line 1, column",
        "--optimizers=missing.json | missing.json: there is no such file",
        "--optimizers=cosine_decay_schedule(init_value=1,decay_steps=1) | must be an optimizer",
        "--epochs=0 | --epochs must be at least 1, but was 0",
        "--epochs=x | --epochs must be a whole number, but was \"x\" (see",
        "--hidden=64,y | --hidden must be a whole number, but was \"y\" (see",
        "--epochs | --epochs must have a value (see \"glissade compare --help\")",
        "--epochs=1 --epochs=2 | --epochs must be given once, but was given twice (see",
        "--optimizers=mechanize(sgd,,adam) | the arguments of mechanize must not have empty parts",
        "extra | compare must have only options, but had \"extra\" (see",
        "--epochs=2000000000 | --epochs times minibatches must be at most 2^31 - 1, but was 2000000000 x 34",
        "--batch=0 | --batch must be at least 1, but was 0",
        "--batch=every | --batch must be a whole number or all, but was \"every\" (see",
        "--batch=3000000000 | --batch must be a whole number of at most 2147483647 or all, but was",
        "--batch=all --hidden=2000000 | --batch must be at most 1073 for MLP 64-2000000-10, but was all of 1078",
        "--l2=-1 | --l2 must not be negative, but was -1.0",
        "--l2=NaN | --l2 must be finite, but was NaN",
        "--l2=0.1 --optimizers=dpsgd | dpsgd: --l2 must be 0 where the gradient of each example is clipped, but was 0.1",
        "--hidden=64,0 | --hidden must be at least 1, but was 0",
        "--seeds=0 | --seeds must be at least 1, but was 0",
        "--threads=0 | --threads must be at least 1, but was 0",
        "--schedule=cosin | but was \"cosin\": did you mean cosine? (see",
        "--schedule=cosin | --schedule must be constant, ",
        "--model=cnn | --model must be softmax, linear or mlp, but was \"cnn\" (see",
        "--header=yes | --header must be given with --data, a CSV file, but was yes alone",
        "--header=maybe | --header must be yes, no or auto, but was \"maybe\" (see",
        "--label=x | --label must be given with --data, a CSV file, but was x alone",
        "--data=missing.csv | --data must be a file or folder, but nothing exists at missing.csv",
        "--epoch=3 | the option must be one of compare's, but was \"--epoch\": did you mean --epochs?",
        "--momentum=3 | the option must be one of compare's, but was \"--momentum\": did you mean sgd(momentum=3)? (see",
        "--optimisers=sgd | did you mean --optimizers?",
        "--Learning-Rate=3 | the option must be one of compare's, but was \"--Learning-Rate\": did you mean sgd(learning_rate=3)? (see",
      })
  void wrongArguments(String argument, String part) {
    List<String> arguments = new ArrayList<>(List.of("compare"));
    arguments.addAll(List.of(argument.split(" (?=--)")));
    refused(ProgramRun.run(arguments.toArray(String[]::new)), part);
  }

  @Test
  void argumentsThatDoNotGoTogether() {
    refused(
        ProgramRun.run("compare", "--model=softmax", "--hidden=3"),
        "--hidden must be given with --model mlp, but was [3] with softmax");
  }

  @Test
  void perExampleGradientsWhereMeansAreNeeded() {
    refused(
        ProgramRun.run("compare", "--optimizers=mechanize(dpsgd)"),
        "baseOptimizer must take mean gradients, but was Dpsgd");
  }

  @Test
  void unknownLabel() throws IOException {
    Path data = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n3,4\n5,2\n6,4\n");
    refused(ProgramRun.run("compare", "--data=" + data, "--label=c"), "x.csv", "\"c\"");
  }

  @Test
  void damagedOptimizerFile() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"name\": \"sgd\", ");
    refused(ProgramRun.run("train", "--optimizer=" + file), file + " is not JSON: line 1");
    Files.writeString(file, "{\"name\": \"sgd\", \"args\": {\"learning_rat\": 1}}");
    refused(ProgramRun.run("train", "--optimizer=" + file), file + ": ", "\"learning_rate\"?");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
    refused(ProgramRun.run("train", "--optimizer=" + file), file + " can't be read as text");
  }

  @Test
  void placesThatCannotBeWrittenTo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    refused(ProgramRun.run("compare", "--report=" + file), "file must be a folder, but was a file");
    refused(ProgramRun.run("compare", "--report=" + file.resolve("a")), "file");
    refused(ProgramRun.run("train", "--out=" + folder), " must be a file, but was a folder");
    refused(
        ProgramRun.run("train", "--out=" + folder.resolve("a/b")),
        "a must be a folder, but does not exist");
    refused(
        ProgramRun.run("train", "--out=" + file.resolve("x")),
        "file must be a folder, but was a file");
    refused(
        ProgramRun.run("train", "--out", ""), "--out must be the name of a file, but was empty");
  }

  /** Before training begins, and nothing is replaced. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatMustNotBeReplaced() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    String noFile = ": can't be written: it is a device, a pipe or a socket, not an ordinary file";
    refused(ProgramRun.run("train", "--out=" + pipe), pipe + noFile);
    refused(ProgramRun.run("train", "--out=/dev/null"), "/dev/null" + noFile);
    refused(
        ProgramRun.run("train", "--out=" + link), link + ": can't be written: it is a symbolic");
    Path tooLong = folder.resolve("x".repeat(256));
    refused(ProgramRun.run("train", "--out=" + tooLong), tooLong + ": can't be written: File name");
    for (String name : List.of("index.html", "results.json", "results.csv")) {
      Path report = Files.createDirectory(folder.resolve("report of " + name));
      Path page = Files.createSymbolicLink(report.resolve(name), file);
      refused(
          ProgramRun.run("compare", "--report=" + report), page + ": can't be written: it is a");
      Files.delete(page);
      Files.createDirectory(page);
      refused(
          ProgramRun.run("compare", "--report=" + report), page + ": can't be written: it is a");
    }
    assertThat(file).hasContent("mine");
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    refused(
        ProgramRun.run("compare", "--optimizers=sg\u001b]2J\nd"),
        "must have balanced brackets, but had an extra \"]\": sg?]2J d");
  }

  @Test
  void wrongCommand() {
    refused(
        ProgramRun.run("trian"),
        "COMMAND must be compare, sweep, train, evaluate, predict, replay, optimizers, privacy,"
            + " inspect, completion or help, but was \"trian\": did you mean train? (see \"glissade --help\")");
    refused(ProgramRun.run("replay"), "CASE.json must be given (see \"glissade replay --help\")");
    refused(ProgramRun.run("inspect"), "FILE must be given");
    refused(ProgramRun.run("inspect", "a", "b"), "inspect must have one FILE, but also had \"b\"");
  }

  @Test
  void argumentsThatAreMissingOrOneTooMany() {
    String[] all = {"privacy", "--examples=9", "--batch=3", "--epochs=1", "--delta=1e-5"};
    refused(
        ProgramRun.run("privacy", "--noise=1"),
        "--examples, --batch, --epochs and --delta must be given");
    refused(ProgramRun.run(all), "one of --noise and --target-epsilon must be given");
    List<String> both = new ArrayList<>(List.of(all));
    both.addAll(List.of("--noise=1", "--target-epsilon=1"));
    refused(
        ProgramRun.run(both.toArray(String[]::new)),
        "only one of --noise and --target-epsilon must be given, but more were");
    refused(
        ProgramRun.run("privacy", "--examples=x"),
        "--examples must be a whole number, but was \"x\"");
    refused(ProgramRun.run("privacy", "--noise=x"), "--noise must be a number, but was \"x\"");
  }
}
