using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Two parameters do not hold one tensor.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedTensorAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0038";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Two parameters do not hold one tensor",
        "{0} and {1} would hold one tensor: a load of either writes both, and to() disposes it twice. Assign a clone; for a tied weight, let forward read one parameter in both places, and name the other tensor with [CheckpointAlias] on the root.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            foreach (var use in TensorUses.In(context.Operation).Where(static use => use.Effect == TensorEffect.Keep && !Operation.IsNamed(use.Value)))
            {
                if (Other(use) is { } other) context.ReportDiagnostic(Diagnostic.Create(Rule, use.Location, use.By, other));
            }
        },
        TensorUses.Kinds);

    /// <summary>What else holds a value that a parameter is given; null where nothing does.</summary>
    private static string? Other(TensorUse use)
    {
        var origins = use.Origins().ToList();

        // What a method makes of a parameter takes its place.
        if (origins.FirstOrDefault(origin => origin.IsParameter && !(origin.Way.Tie < Tie.Object && use.Keeper is { } keeper && origin.IsSameParameter(keeper))) is { Source: not null } parameter) return $"\"{parameter.Name}\"";
        return origins.Where(static origin => !origin.IsParameter && origin.Way is { Tie: >= Tie.Memory, IsElement: false })
            .Select(origin => KeptTensors.Before(use, origin)?.By ?? (KeptTensors.IsRepeated(use, origin) ? $"another {use.By}" : null))
            .FirstOrDefault(static by => by is not null);
    }
}
