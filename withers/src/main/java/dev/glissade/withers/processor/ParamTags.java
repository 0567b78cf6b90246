package dev.glissade.withers.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code @param} tags of a Javadoc comment, by name. */
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
   * Returns the text with links as code: where it is copied to, the names of the record's own
   * imports and nested types mean nothing.
   */
  private static String withoutLinks(String text) {
    Matcher link = LINK.matcher(text);
    return link.replaceAll(found -> {
      String target = found.group(1).replaceFirst("^#", "").replace('#', '.');
      return Matcher.quoteReplacement(
          found.group(2) == null ? "{@code " + target + "}" : found.group(2).strip());
    });
  }

  /** Returns the text of the tag, or an empty one if there is no such tag. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }
}
