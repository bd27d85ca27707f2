namespace Lanyard.Generator.Models;

/// <summary>What was read of one annotated class.</summary>
/// <param name="Module">The class, or null where no code for it would compile.</param>
/// <param name="Declined">Those of its properties that get no code, or null.</param>
public sealed record CandidateModel(ModuleModel? Module, DeclinedModel? Declined);
