using System.Collections.Immutable;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers;

/// <summary>A rule about what an annotated class declares. What a class is, and what an attribute, it judges as the generator does.</summary>
public abstract class ModuleAnalyzer(DiagnosticDescriptor rule) : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [rule];

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KnownTypes.ParameterModuleAttribute) is not null) Register(new AuthoredCode(start));
        });
    }

    /// <summary>Called once for each compilation that knows the attributes; by default every annotated class is analyzed.</summary>
    protected virtual void Register(AuthoredCode context) => context.RegisterSymbolAction(
        context =>
        {
            var type = (INamedTypeSymbol)context.Symbol;
            if (type.TypeKind == TypeKind.Class && type.Attribute("ParameterModuleAttribute") is { } attribute) Analyze(context, type, attribute);
        },
        SymbolKind.NamedType);

    /// <summary>Analyzes one annotated class.</summary>
    protected virtual void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
    }
}
