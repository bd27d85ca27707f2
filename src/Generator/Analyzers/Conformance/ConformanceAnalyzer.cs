using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>A rule about classes that are to conform to lists of tensors: it reports problems of some kinds.</summary>
public abstract class ConformanceAnalyzer(DiagnosticDescriptor rule, params ImmutableArray<ProblemKind> kinds) : ModuleAnalyzer(rule)
{
    /// <summary>The name of the property of a diagnostic that has what to write instead, or the pattern by which to leave tensors alone.</summary>
    public const string Instead = "Instead";

    /// <summary>The name of the property of a diagnostic that has the class in which something may be left alone, as metadata spells it.</summary>
    public const string Class = "Class";

    /// <inheritdoc/>
    protected sealed override void Register(AuthoredCode context) => context.RegisterSymbolAction(Report, SymbolKind.NamedType);

    /// <summary>Reports what the rule has to say of a class that is to conform.</summary>
    private protected virtual void Report(SymbolAnalysisContext context, ConformanceRuns runs, ConformanceRoot root)
    {
        var places = new ConformancePlaces(runs, root, context.CancellationToken);
        foreach (var problem in root.Result?.Problems.Where(problem => kinds.Contains(problem.Kind)) ?? [])
        {
            context.ReportDiagnostic(Diagnostic.Create(
                SupportedDiagnostics[0],
                places.Find(problem.Place) ?? problem.Others.Select(places.Find).FirstOrDefault(static place => place is not null) ?? places.Argument(0),
                problem.Others.Select(places.Find).OfType<Location>().Distinct(),
                Properties(root, problem),
                root.Name,
                problem.Message));
        }
    }

    private static ImmutableDictionary<string, string?> Properties(ConformanceRoot root, ConformanceProblem problem)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (problem.Instead is null) return properties;

        // Of a class without a map of its own nobody reads what it leaves alone.
        return root.Type.Attribute("ParameterModuleAttribute") is null ? properties.Add(Instead, problem.Instead) : properties.Add(Instead, problem.Instead).Add(Class, Identifiers.Metadata(root.Type));
    }

    private void Report(SymbolAnalysisContext context)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type) return;
        var runs = ConformanceRuns.Of(context.Compilation, context.Options.AdditionalFiles, context.CancellationToken);
        foreach (var root in runs.Roots)
        {
            if (SymbolEqualityComparer.Default.Equals(root.Type, type)) Report(context, runs, root);
        }
    }
}
