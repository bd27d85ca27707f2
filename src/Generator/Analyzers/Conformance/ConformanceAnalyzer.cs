using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>
/// A rule about classes that are to conform to lists of tensors: it reports problems of some kinds. Each is reported where the class, or the
/// list, is analyzed that it stands in: of what is found elsewhere an editor says nothing while one writes, and offers no fix.
/// </summary>
public abstract class ConformanceAnalyzer(DiagnosticDescriptor rule, params ImmutableArray<ProblemKind> kinds) : ModuleAnalyzer(rule)
{
    /// <summary>The name of the property of a diagnostic that has what to write instead, or the pattern by which to leave tensors alone.</summary>
    public const string Instead = "Instead";

    /// <summary>The name of the property of a diagnostic that has the class in which something may be left alone, as metadata spells it.</summary>
    public const string Class = "Class";

    private readonly ConditionalWeakTable<ConformanceRuns, IReadOnlyList<(Diagnostic Diagnostic, TypeDeclarationSyntax? Within)>> _known = new();

    /// <inheritdoc/>
    protected sealed override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(InClass, SymbolKind.NamedType);
        context.RegisterAdditionalFileAction(InFile);
    }

    /// <summary>What the rule has to say of a class that is to conform.</summary>
    private protected virtual IEnumerable<Diagnostic> Find(ConformanceRoot root, ConformancePlaces places) =>
        from problem in root.Result?.Problems ?? []
        where kinds.Contains(problem.Kind)
        select Diagnostic.Create(
            SupportedDiagnostics[0],
            places.Find(problem.Place) ?? problem.Others.Select(places.Find).FirstOrDefault(static place => place is not null) ?? places.Argument(0),
            problem.Others.Select(places.Find).OfType<Location>().Distinct(),
            Properties(root, problem),
            root.Name,
            problem.Message);

    private static ImmutableDictionary<string, string?> Properties(ConformanceRoot root, ConformanceProblem problem)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (problem.Instead is null) return properties;

        // Of a class without a map of its own nobody reads what it leaves alone.
        return root.Type.Attribute("ParameterModuleAttribute") is null ? properties.Add(Instead, problem.Instead) : properties.Add(Instead, problem.Instead).Add(Class, Identifiers.Metadata(root.Type));
    }

    private void InClass(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var (diagnostic, within) in Found(context.Compilation, context.Options, context.CancellationToken))
        {
            if (within is not null && type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == within.SyntaxTree && part.Span == within.Span)) context.ReportDiagnostic(diagnostic);
        }
    }

    private void InFile(AdditionalFileAnalysisContext context)
    {
        // A project may have a file twice.
        var path = context.AdditionalFile.Path;
        if (context.Options.AdditionalFiles.First(file => file.Path == path) != context.AdditionalFile) return;
        foreach (var (diagnostic, within) in Found(context.Compilation, context.Options, context.CancellationToken))
        {
            if (within is null && diagnostic.Location.GetLineSpan().Path == path) context.ReportDiagnostic(diagnostic);
        }
    }

    /// <summary>All that the rule finds, each with the class that it stands in; null where it stands in a list.</summary>
    private IReadOnlyList<(Diagnostic Diagnostic, TypeDeclarationSyntax? Within)> Found(Compilation compilation, AnalyzerOptions options, CancellationToken cancel)
    {
        var runs = ConformanceRuns.Of(compilation, options.AdditionalFiles, cancel);
        return runs.Roots.IsEmpty ? [] : _known.GetValue(runs, runs =>
        [
            .. from root in runs.Roots
               from diagnostic in Find(root, new ConformancePlaces(runs, root, cancel))
               let place = diagnostic.Location
               select (diagnostic, place.SourceTree?.GetRoot(cancel).FindNode(place.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>()),
        ]);
    }
}
