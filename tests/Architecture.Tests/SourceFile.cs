namespace Lanyard.Architecture.Tests;

/// <summary>A file of a project.</summary>
/// <param name="Path">Where it lies, from the root of the repository.</param>
/// <param name="Folder">The folder of the project that it is compiled in; a dot where it is in none.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsLinked">Whether it lies in another project, whose namespaces it has.</param>
internal sealed record SourceFile(string Path, string Folder, string Text, bool IsLinked = false);
