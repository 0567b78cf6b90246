package dev.glissade.withers.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code @param} tags of a Javadoc comment.
 *
 * @param texts the text of each tag, by the name of its parameter
 */
record ParamTags(Map<String, String> texts) {
  private static final Pattern TAG =
      Pattern.compile(
          "^[ \\t]*@param\\s+(\\S+)\\s+(.*?)\\s*(?=^[ \\t]*@\\w|\\z)",
          Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern LINK =
      Pattern.compile("\\{@link(?:plain)?\\s+([^\\s}(]+(?:\\([^)]*\\))?)(\\s+[^}]*)?\\}");

  static ParamTags of(@Nullable String comment) {
    Map<String, String> texts = new HashMap<>();
    Matcher tag = TAG.matcher(comment == null ? "" : comment);
    while (tag.find()) {
      texts.put(tag.group(1), withoutLinks(tag.group(2)).replaceAll("\\s*\\n\\s*", "\n"));
    }
    return new ParamTags(texts);
  }

  /**
   * Returns the text with links replaced by code: in the generated file, names that the record
   * imports or nests would not resolve.
   */
  private static String withoutLinks(String text) {
    Matcher link = LINK.matcher(text);
    return link.replaceAll(found -> {
      String target = found.group(1).replaceFirst("^#", "").replace('#', '.');
      return Matcher.quoteReplacement(
          found.group(2) == null ? "{@code " + target + "}" : found.group(2).strip());
    });
  }

  /** Returns the text of a parameter's tag, or "" if there is none. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }
}
