namespace Lanyard.Generator.Models;

/// <summary>A generated file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">The class that it completes.</param>
public sealed record FileModel(string Name, ModuleModel Module);
