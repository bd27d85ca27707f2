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
        "{0} \"{1}\" in place: {2}. Assign a new value instead.",
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
                foreach (var write in InPlaceWrite.In(context.Operation))
                {
                    if (write.Reshapes) context.ReportDiagnostic(Report(write, "nobody would know its layout"));
                }
            },
            InPlaceWrite.Kinds);
        MemberGraph.Register(
            context,
            static (start, graph) => start.RegisterOperationAction(
                context =>
                {
                    foreach (var write in InPlaceWrite.In(context.Operation))
                    {
                        if (!write.Reshapes) graph.Found(context, () => Report(write, "after a refit of other parameters it would happen again"));
                    }
                },
                InPlaceWrite.Kinds),
            static (graph, member) => graph.RunsAfterLoads(member));
    }

    private static Diagnostic Report(InPlaceWrite write, string why) => Diagnostic.Create(Rule, write.Location, write.What, write.Parameter.Property.Name, why);
}
