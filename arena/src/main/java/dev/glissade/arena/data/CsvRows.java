package dev.glissade.arena.data;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads a table row by row. Error messages count lines and columns from 1. */
final class CsvRows implements Closeable {
  private final String file;
  private final CsvText text;
  private final CsvReader<TableRow> reader;
  private final Iterator<TableRow> records;
  private final Fields fields;
  private long lastLine;
  private int blankRows;

  private CsvRows(String file, CsvText text) throws IOException {
    this.file = file;
    this.text = text;
    char delimiter = text.delimiter();
    boolean trims = text.hasBlanksAroundQuotes(delimiter);
    this.fields = new Fields(!trims);
    this.reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .trimWhitespacesAroundQuotes(trims)
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(2 * CsvText.MAX_RECORD)
            .build(fields, text);
    this.records = reader.iterator();
  }

  /** Opens a file; refuses one that is not text. */
  static CsvRows open(Source source) throws IOException {
    InputStream in = FileKind.withLookahead(source.open());
    try {
      FileKind.refuseOthers(source.name(), in);
      return new CsvRows(source.name(), new CsvText(source.name(), in));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Collects the fields of a record in one row, which is reused. */
  private static final class Fields extends CsvCallbackHandler<TableRow> {
    private final boolean quotesMustEnclose;
    private final TableRow row = new TableRow();
    private boolean empty;
    private long line;
    private long stray;

    Fields(boolean quotesMustEnclose) {
      this.quotesMustEnclose = quotesMustEnclose;
    }

    @Override
    protected RecordType getRecordType() {
      return empty ? RecordType.EMPTY : RecordType.DATA;
    }

    @Override
    protected int getFieldCount() {
      return row.size();
    }

    @Override
    protected void beginRecord(long startingLineNumber) {
      row.begin(startingLineNumber);
      line = startingLineNumber;
      empty = false;
    }

    @Override
    protected void addField(char[] buffer, int offset, int length, boolean quoted) {
      row.add(buffer, offset, length, quoted);
      if (!quoted && quotesMustEnclose && row.beginsWithQuote(row.size() - 1)) {
        stray = row.line(row.size() - 1);
      }
    }

    @Override
    protected void setComment(char[] buffer, int offset, int length) {
      throw new IllegalStateException("comments are off");
    }

    @Override
    protected void setEmpty() {
      empty = true;
    }

    @Override
    protected TableRow buildRecord() {
      return row;
    }
  }

  /** Returns the next row with visible content, which the next call overwrites; null at the end. */
  @Nullable TableRow next() throws IOException {
    try {
      while (records.hasNext()) {
        TableRow row = records.next();
        text.endOfRecord();
        if (fields.stray > 0) {
          throw badQuote(fields.stray);
        }
        lastLine = row.line(row.size() - 1);
        if (!row.isBlank()) {
          return row;
        }
        blankRows++;
      }
      return null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw refused(e);
    }
  }

  private RuntimeException refused(CsvParseException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (e.getCause() instanceof Error cause) {
      throw cause;
    }
    return String.valueOf(e.getMessage()).startsWith("Unclosed")
        ? new DataException(
            "%s: a quote that opens after line %d is never closed".formatted(file, lastLine), e)
        : badQuote(fields.line);
  }

  private DataException badQuote(long line) {
    return new DataException(
        "%s line %d: quotes must enclose a whole field and be doubled inside it (RFC 4180)"
            .formatted(file, line));
  }

  /** Returns the number of rows without a value, which were skipped. */
  int blankRows() {
    return blankRows;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
