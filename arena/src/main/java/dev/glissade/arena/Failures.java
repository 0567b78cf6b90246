package dev.glissade.arena;

import dev.glissade.NonFiniteException;
import dev.glissade.arena.data.DataException;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.RunStoppedException;
import dev.glissade.catalog.Names;
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
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, as one sentence; only a fault of the program itself shows a stack trace. */
final class Failures {
  private Failures() {}

  static int wrongArguments(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String suggestion =
        e instanceof UnmatchedArgumentException unmatched
            ? suggestion(command, unmatched.getUnmatched().get(0))
            : "";
    String name = command.getCommandSpec().qualifiedName(" ");
    say(command, lowerCase(e.getMessage()) + suggestion + " (\"" + name + " --help\" says more)");
    return Glissade.BAD_INPUT;
  }

  /** The command's option or subcommand that is near; nothing where none is. */
  private static String suggestion(CommandLine command, String unknown) {
    Set<String> known =
        unknown.startsWith("-")
            ? command.getCommandSpec().optionsMap().keySet()
            : command.getSubcommands().keySet();
    return Names.nearest(unknown.replaceFirst("=.*", ""), known)
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  /** The values of an enum are shown as they are written, in lower case. */
  private static String lowerCase(@Nullable String message) {
    return Pattern.compile("expected one of \\[[A-Z0-9_, ]+]")
        .matcher(String.valueOf(message))
        .replaceAll(match -> match.group().toLowerCase(Locale.ROOT));
  }

  /** The exit code of a command that threw. */
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
    say(command, "this is a fault of the program: " + e);
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    command.getErr().println(Text.plainLines(trace.toString()));
    return Glissade.FAULT;
  }

  /** The file and the reason. */
  static String sentence(IOException e) {
    if (e instanceof CheckpointException || e instanceof LedgerException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file or folder";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + " may not be read or written by this user";
    }
    if (e instanceof FileAlreadyExistsException there) {
      return there.getFile() + " is a file, where a folder is needed";
    }
    if (e instanceof FileSystemException named && named.getReason() != null) {
      return named.getFile() + " can't be read or written: " + named.getReason();
    }
    return "a file can't be read or written: " + e.getMessage();
  }

  /** Prints a sentence on one line, whatever foreign text is in it. */
  static void say(CommandLine command, String sentence) {
    String line = Text.plain(sentence.replaceAll("\\s*\\R\\s*", " "));
    command.getErr().println("glissade: " + line);
    command.getErr().flush();
  }
}
