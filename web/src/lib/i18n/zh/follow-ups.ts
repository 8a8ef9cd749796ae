/** 在撰写回答期间于服务器上等待的消息。 */
export const followUps = {
  "followUps.drop": "移除",
  "followUps.edit": "编辑",
  "followUps.gone": "该消息已发送。",
  "followUps.held": "你已停止回答。此消息等待你处理。",
  "followUps.label": "接下来发送的消息",
  "followUps.refused": "未发送：{why}",
} as const;
