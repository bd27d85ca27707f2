namespace Lanyard.Generator.Models;

/// <summary>A pattern of checkpoint tensors that a class leaves alone.</summary>
public sealed record IgnoreModel(string Pattern, bool Optional);
