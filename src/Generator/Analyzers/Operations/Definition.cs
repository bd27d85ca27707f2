using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What a variable is given somewhere.</summary>
/// <param name="Variable">The local or the argument.</param>
/// <param name="Site">What gives it.</param>
/// <param name="Value">The value, or what holds it; null where nothing is known of it.</param>
/// <param name="Part">Which part of the value.</param>
/// <param name="IsElement">Whether it is an element of the value.</param>
/// <param name="Replaces">Whether nothing is left of what it had before.</param>
internal sealed record Definition(ISymbol Variable, IOperation Site, IOperation? Value, ImmutableStack<string> Part, bool IsElement = false, bool Replaces = true);
