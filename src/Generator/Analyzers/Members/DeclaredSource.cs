using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>A source as its author declared it.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Layout">Its texts.</param>
/// <param name="Format">Its format; empty for the one without a name.</param>
internal sealed record DeclaredSource(AttributeData Attribute, LayoutSource Layout, string Format);
