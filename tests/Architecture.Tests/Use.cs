namespace Lanyard.Architecture.Tests;

/// <summary>A type that uses another.</summary>
/// <param name="User">The file that uses.</param>
/// <param name="Line">The line in it, from one.</param>
/// <param name="By">The type that uses, or the file where it stands outside of types.</param>
/// <param name="Used">The file that is used.</param>
/// <param name="What">The type or namespace that is used.</param>
/// <param name="IsNamespace">Whether it is a namespace.</param>
internal sealed record Use(SourceFile User, int Line, string By, SourceFile Used, string What, bool IsNamespace);
