namespace Lanyard.Generator.Models;

/// <summary>An accessor of a property.</summary>
/// <param name="Modifiers">Its modifiers with a blank after them, or empty.</param>
/// <param name="Keyword"><c>get</c>, <c>set</c> or <c>init</c>.</param>
public sealed record AccessorModel(string Modifiers, string Keyword);
