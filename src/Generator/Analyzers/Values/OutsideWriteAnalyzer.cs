using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Weights change by loads and refits.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OutsideWriteAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0035";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Weights change by loads and refits",
        "{0} writes into \"{1}\" past its loader: which elements these are depends on its layout now, and no refit knows of it. Use BeginRefit with Write or Patch, or initialise it in a constructor.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                if (context.ContainingSymbol.ContainingType?.Attribute("ParameterModuleAttribute") is not null) return;
                foreach (var diagnostic in Found(context.Operation)) context.ReportDiagnostic(diagnostic);
            },
            TensorUses.Kinds);
        MemberGraph.Register(
            context,
            static (start, graph) => start.RegisterOperationAction(
                context =>
                {
                    foreach (var diagnostic in Found(context.Operation)) graph.Found(context, () => diagnostic);
                },
                TensorUses.Kinds),
            static (graph, member) => !graph.RunsInConstructors(member) && !graph.RunsAfterLoads(member));
    }

    private static IEnumerable<Diagnostic> Found(IOperation operation) =>
        from use in TensorUses.In(operation)
        where use.Effect == TensorEffect.Write
        from parameter in use.Parameters().Take(1)
        select Diagnostic.Create(Rule, use.Location, use.By, parameter.Name);
}
