namespace Lanyard.Generator.Models;

/// <summary>A pattern of checkpoint tensors that a class leaves alone.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Optional">Whether a checkpoint may do without such tensors.</param>
/// <param name="When">The expression that says whether an instance does, after the module and a dot, or null.</param>
/// <param name="Numbers">The member with the numbers that stand in the pattern, or null.</param>
public sealed record IgnoreModel(string Pattern, bool Optional, string? When, MemberModel? Numbers);
