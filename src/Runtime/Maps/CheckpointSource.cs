namespace Lanyard;

/// <summary>Checkpoint tensors that fill a parameter or a part of it.</summary>
/// <param name="Name">The tensor's name below the module's own, with holes.</param>
/// <param name="Pattern">The checkpoint layout of one such tensor.</param>
/// <param name="Part">The part of the parameter that it fills, or null for all of it.</param>
/// <param name="Format">The alternative that the source belongs to; empty for the first.</param>
public sealed record CheckpointSource(string Name, string Pattern, string? Part = null, string Format = "");
