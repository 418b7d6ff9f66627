package dev.faultline.symbols.variables;

/**
 * A global of an image.
 *
 * @param image the name of the image
 * @param file the source file of its unit
 */
public record GlobalVariable(String image, String file, Variable variable) {}
