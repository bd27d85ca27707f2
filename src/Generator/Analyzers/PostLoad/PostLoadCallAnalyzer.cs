using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>Post-load methods are called by loads and refits alone.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadCallAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0034";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method is not called by hand",
        "\"{0}\" runs after loads and refits; called by hand it would transform what is transformed already. Put what both need into a method of its own.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(static context => Check(context, ((IInvocationOperation)context.Operation).TargetMethod), OperationKind.Invocation);
        context.RegisterOperationAction(static context => Check(context, ((IMethodReferenceOperation)context.Operation).Method), OperationKind.MethodReference);
    }

    private static void Check(OperationAnalysisContext context, IMethodSymbol method)
    {
        if (Annotated.IsPostLoad(method.OriginalDefinition) && Annotated.IsModule(method.ContainingType) && context.Operation.Parent is not INameOfOperation)
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), method.Name));
    }
}
