/**
 * Reports of a comparison of optimizers: a page, a file of results, a text table.
 *
 * <p>A {@link dev.glissade.arena.report.Comparison} holds the runs; {@link
 * dev.glissade.arena.report.ReportWriter} writes it to a folder and {@link
 * dev.glissade.arena.report.TextTable} to a terminal.
 */
@NullMarked
package dev.glissade.arena.report;

import org.jspecify.annotations.NullMarked;
