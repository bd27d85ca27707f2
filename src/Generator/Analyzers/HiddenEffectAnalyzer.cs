using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>Everything that a post-load method does to parameters stands in its body, where the generator reads it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HiddenEffectAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0022";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The effects of a post-load method can be read from its body",
        "\"{0}\" {1}: the generator cannot read what happens to parameters there. Read and assign them in the body itself.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(static context => Instance(context, (IInstanceReferenceOperation)context.Operation), OperationKind.InstanceReference);
        context.RegisterOperationAction(static context => Call(context, (IInvocationOperation)context.Operation), OperationKind.Invocation);
    }

    private static void Instance(OperationAnalysisContext context, IInstanceReferenceOperation self)
    {
        if (!ParameterUse.IsThis(self) || !ParameterUse.IsPostLoad(context.ContainingSymbol) || self.IsImplicit) return;

        // "this.W" names a member; anything else hands the instance on.
        if (self.Parent is IMemberReferenceOperation or IInvocationOperation { Instance: IInstanceReferenceOperation }) return;
        context.ReportDiagnostic(Diagnostic.Create(Rule, self.Syntax.GetLocation(), context.ContainingSymbol.Name, "hands its instance on"));
    }

    private static void Call(OperationAnalysisContext context, IInvocationOperation call)
    {
        if (!ParameterUse.IsThis(call.Instance) || !ParameterUse.IsPostLoad(context.ContainingSymbol)) return;
        var method = call.TargetMethod;
        var isOwn = SymbolEqualityComparer.Default.Equals(method.OriginalDefinition.ContainingType, context.ContainingSymbol.ContainingType.OriginalDefinition);
        if (isOwn && method is { IsVirtual: true, ContainingType.IsSealed: false } or { IsAbstract: true })
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), context.ContainingSymbol.Name, $"calls \"{method.Name}\", which another class can replace"));
    }
}
