package dev.glissade.arena;

import dev.glissade.NonFiniteException;
import dev.glissade.arena.data.DataException;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.RunStoppedException;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.privacy.accounting.LedgerException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports failures as one sentence; only a bug of the program shows a stack trace. */
final class Failures {
  private Failures() {}

  static int wrongArguments(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName(" ");
    say(command, ArgumentErrors.sentence(e) + " (see \"" + name + " --help\")");
    return Glissade.BAD_INPUT;
  }

  /** Reports what a command threw; returns the exit code. */
  static int failed(Exception e, CommandLine command, ParseResult result) {
    if (e instanceof RunStoppedException) {
      say(command, String.valueOf(e.getMessage()));
      return Glissade.TERMINATED;
    }
    if (e instanceof IllegalArgumentException
        || e instanceof DataException
        || e instanceof NonFiniteException) {
      say(command, String.valueOf(e.getMessage()));
      return Glissade.BAD_INPUT;
    }
    if (e instanceof IOException io) {
      say(command, sentence(io));
      return Glissade.BAD_INPUT;
    }
    if (e instanceof UncheckedIOException && e.getCause() instanceof IOException io) {
      say(command, sentence(io));
      return Glissade.BAD_INPUT;
    }
    say(command, "this is a bug in glissade: " + e);
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    command.getErr().println(Text.plainLines(trace.toString()));
    return Glissade.FAULT;
  }

  /** Returns a message with the file and the reason. */
  static String sentence(IOException e) {
    if (e instanceof CheckpointException || e instanceof LedgerException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file or folder";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + " can't be read or written: permission denied";
    }
    if (e instanceof FileAlreadyExistsException there) {
      return there.getFile() + " must be a folder, but was a file";
    }
    if (e instanceof FileSystemException named && named.getReason() != null) {
      return named.getFile() + " can't be read or written: " + named.getReason();
    }
    return "a file can't be read or written: " + e.getMessage();
  }

  /** Prints a message on one line, whatever foreign text it holds. */
  static void say(CommandLine command, String sentence) {
    String line = Text.plain(sentence.replaceAll("\\s*\\R\\s*", " "));
    command.getErr().println("glissade: " + line);
    command.getErr().flush();
  }
}
