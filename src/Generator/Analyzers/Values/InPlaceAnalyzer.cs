using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Nobody gives a parameter's tensor another shape, and no post-load method writes into it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InPlaceAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0023";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is not changed in place",
        "{0} {1} \"{2}\" in place: {3}. Assign a new value instead.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                foreach (var use in TensorUses.In(context.Operation).Where(static use => use.Effect == TensorEffect.Reshape))
                {
                    if (use.Parameters().FirstOrDefault() is { Source: not null } parameter) context.ReportDiagnostic(Report(use, "reshapes", parameter, "nobody would know its layout"));
                }
            },
            TensorUses.Kinds);
        MemberGraph.Register(
            context,
            static (start, graph) => start.RegisterOperationAction(
                context =>
                {
                    foreach (var use in TensorUses.In(context.Operation).Where(static use => use.Effect == TensorEffect.Write))
                    {
                        if (use.Parameters().FirstOrDefault() is { Source: not null } parameter) graph.Found(context, () => Report(use, "writes into", parameter, "after a refit of other parameters it would happen again"));
                    }
                },
                TensorUses.Kinds),
            static (graph, member) => graph.RunsAfterLoads(member));
    }

    private static Diagnostic Report(TensorUse use, string does, Origin parameter, string why) => Diagnostic.Create(Rule, use.Location, use.By, does, parameter.Name, why);
}
