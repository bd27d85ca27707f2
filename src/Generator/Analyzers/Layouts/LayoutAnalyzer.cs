using System.Collections.Immutable;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>A rule about layouts: it reports errors of some kinds.</summary>
public abstract class LayoutAnalyzer(DiagnosticDescriptor rule, params ImmutableArray<LayoutErrorKind> kinds) : ModuleAnalyzer(rule)
{
    /// <inheritdoc/>
    protected sealed override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        foreach (var fault in LayoutFaults.Of(type, context.CancellationToken))
        {
            if (!fault.IsOfConstant && kinds.Contains(fault.Error.Kind)) context.ReportDiagnostic(Report(fault));
        }
    }

    /// <summary>Says what is wrong.</summary>
    protected abstract Diagnostic Report(LayoutFault fault);

    /// <summary>The end of a message that tells formats apart, where there are several.</summary>
    internal static string In(LayoutFault fault) => fault.Format switch
    {
        null => "",
        "" => " This is in the format without a name.",
        _ => $" This is in the format \"{fault.Format}\".",
    };
}
