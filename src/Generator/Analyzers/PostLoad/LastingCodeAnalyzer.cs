using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>Code that touches parameters does not outlive the post-load method that makes it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LastingCodeAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0042";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What a post-load method begins ends with it",
        "Code that touches parameters {0}, so that it may run when \"{1}\" is over: then a refit may have replaced some of them and not others. Do the work in the body, and keep values instead of code.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => MemberGraph.Register(
        context,
        static (start, graph) =>
        {
            start.RegisterOperationAction(
                context =>
                {
                    var value = context.Operation;
                    if (!IsCode(value, graph) || Operation.IsNamed(value) || Code.Leaves(value, graph.IsOwn) is not { } how) return;
                    Found(context, graph, Code.UsedBy(value), value.Syntax.GetLocation(), how);
                },
                OperationKind.AnonymousFunction,
                OperationKind.MethodReference,
                OperationKind.LocalReference,
                OperationKind.ParameterReference,
                OperationKind.PropertyReference,
                OperationKind.Invocation);
            start.RegisterOperationAction(
                context =>
                {
                    if (context.Operation is ILoopOperation and not IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: false } or IUsingDeclarationOperation { IsAsynchronous: false }) return;
                    var function = Operation.FunctionOf(context.Operation);
                    Found(context, graph, function is null ? [context.ContainingSymbol] : Code.UsedBy(function), context.Operation.Syntax.GetFirstToken().GetLocation(), "goes on after \"await\"");
                },
                OperationKind.Await,
                OperationKind.Loop,
                OperationKind.Using,
                OperationKind.UsingDeclaration);
        },
        static (graph, member) => graph.RunsAfterLoads(member));

    /// <summary>Whether a value is code, or is made by code that waits till it is asked.</summary>
    private static bool IsCode(IOperation value, MemberGraph graph) => value switch
    {
        IAnonymousFunctionOperation => true,
        IMethodReferenceOperation { Method: var method } => method.MethodKind == MethodKind.LocalFunction || graph.IsOwn(method),
        IPropertyReferenceOperation { Property: var property } when !graph.IsOwn(property) => false,
        IInvocationOperation { TargetMethod: var method } when !graph.IsOwn(method) && method.MethodKind != MethodKind.LocalFunction => false,
        _ => Code.IsCode(value.Type) || Code.IsLazy(value.Type),
    };

    private static void Found(OperationAnalysisContext context, MemberGraph graph, IEnumerable<ISymbol?> used, Location location, string how)
    {
        var (members, name) = (used.ToList(), context.ContainingSymbol.Name);
        graph.Found(context, () => members.Exists(member => member is null || (graph.IsOwn(member) && graph.Touches(member))) ? Diagnostic.Create(Rule, location, how, name) : null);
    }
}
