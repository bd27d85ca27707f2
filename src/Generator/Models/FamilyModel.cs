namespace Lanyard.Generator.Models;

/// <summary>The root class of a model family.</summary>
/// <param name="Reference">The class from anywhere: <c>global::Models.Model</c>.</param>
/// <param name="IsPublic">Whether other assemblies reach it.</param>
public sealed record FamilyModel(string Reference, bool IsPublic);
